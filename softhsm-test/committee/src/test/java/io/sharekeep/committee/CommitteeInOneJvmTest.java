package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights over real listeners: four points at three parties, of which one holds two. */
class CommitteeInOneJvmTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Shape WEIGHTED = new Shape("weighted", 3, List.of(2, 1, 1));
  private static final ExampleTransactions EXAMPLES =
      new ExampleTransactions(Path.of("../../examples"));

  @TempDir private Path folder;

  @Test
  void fourPointsAtThreePartiesSignInBothSuites() {
    try (var committee = Committee.inOneJvm(folder, List.of(WEIGHTED))) {
      committee.start();
      for (var scheme : List.of("frost-ed25519", "frost-secp256k1-tr")) {
        var key = committee.generate(WEIGHTED, scheme, scheme);
        assertEquals(key.expectedAddress(), key.address().orElseThrow());
        var payload =
            key.isTaproot()
                ? EXAMPLES.bitcoinTaproot(key.group(), key.onChain())
                : EXAMPLES.solanaTransfer(key.group());
        var signature = committee.sign(key, payload, committee.member(1)).get("signatures").get(0);
        assertTrue(
            IndependentVerifier.of(scheme)
                .verifies(
                    key.onChain(),
                    HEX.parseHex(signature.get("message").textValue()),
                    HEX.parseHex(signature.get("signature").textValue())),
            scheme);
      }
    }
  }
}
