package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
      var first = exported(committee, "first");
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
      anAuditorChecksTheLog(committee, first);
    }
  }

  private static final Sharekeep COMMAND = new InThisJvm();

  private Path exported(Committee committee, String name) {
    var copy = folder.resolve(name);
    COMMAND.json(asking(committee, "export", copy.toString()));
    return copy;
  }

  private static String[] asking(Committee committee, String what, String... more) {
    var all =
        new ArrayList<>(
            List.of(
                "audit",
                what,
                "--url",
                committee.member(1).clientUrl(),
                "--committee",
                committee.document(WEIGHTED).toString(),
                "--identity",
                committee.administrator().prefix().toString()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static Sharekeep.Result verify(
      Committee committee, Path copy, int party, String... more) {
    var all =
        new ArrayList<>(
            List.of(
                "audit",
                "verify",
                copy.toString(),
                "--committee",
                committee.document(WEIGHTED).toString(),
                "--party",
                String.valueOf(party),
                "-o",
                "json"));
    all.addAll(List.of(more));
    return COMMAND.run(all);
  }

  /** What the command line does for an auditor, from a running appliance to a proof on paper. */
  private void anAuditorChecksTheLog(Committee committee, Path first) {
    try {
      var copy = exported(committee, "copy");
      var earlier = first.resolve("checkpoint");
      var whole = verify(committee, copy, 1, "--earlier", earlier.toString());
      assertEquals(0, whole.exit(), whole.out() + whole.err());
      var json = new ObjectMapper().readTree(whole.out());
      assertTrue(json.path("kinds").path("signed").asInt() > 0, whole.out());

      exported(committee, "first");
      assertEquals(0, verify(committee, first, 1).exit(), "an export that went on");

      var last = String.valueOf(json.path("entries").asLong() - 1);
      var proof = folder.resolve("last.tlog-proof");
      var proved =
          COMMAND.run(List.of("audit", "prove", copy.toString(), last, "--out", proof.toString()));
      assertEquals(0, proved.exit(), proved.err());
      assertEquals(0, verify(committee, proof, 1).exit());
      assertEquals(3, verify(committee, proof, 2).exit(), "another party's log key");
      Files.writeString(proof, Files.readString(proof).replace("index " + last, "index 0"));
      assertEquals(3, verify(committee, proof, 1).exit());

      var tail = COMMAND.run(List.of(asking(committee, "tail", "-n", "3")));
      assertEquals(3, tail.out().lines().count(), tail.out() + tail.err());

      Files.delete(copy.resolve("tile/entries/000.p/" + json.path("entries").asText()));
      var cut = verify(committee, copy, 1);
      assertEquals(3, cut.exit());
      assertTrue(cut.out().contains("is missing"), cut.out());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
