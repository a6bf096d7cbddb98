package io.sharekeep.intent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The whole files of BIP-341 where they lie beside the repository; skipped where they do not. */
class PublishedVectorsTest {
  @Test
  void everyAddressOfBip341IsOurs() throws IOException {
    int cases = 0;
    for (var vector : file().get("scriptPubKey")) {
      var script = Bytes.ofHex(vector.at("/expected/scriptPubKey").textValue()).toArray();
      assertEquals(
          vector.at("/expected/bip350Address").textValue(),
          OutputScript.of(script).orElseThrow().address(BitcoinNetwork.MAINNET));
      cases++;
    }
    assertTrue(cases > 0);
  }

  /** Our digests exist for hash type DEFAULT alone; the hashes inside them serve every type. */
  @Test
  void everyDefaultDigestOfBip341IsOurs() throws IOException {
    int cases = 0;
    for (var vector : file().get("keyPathSpending")) {
      var given = vector.get("given");
      var transaction =
          BitcoinTransaction.parseUnsigned(
              new PayloadReader(Bytes.ofHex(text(given, "rawUnsignedTx")).toArray()));
      var spent = new ArrayList<BitcoinTransaction.Output>();
      for (var utxo : given.get("utxosSpent")) {
        spent.add(
            new BitcoinTransaction.Output(
                utxo.get("amountSats").longValue(), Bytes.ofHex(text(utxo, "scriptPubKey")), 0));
      }
      var digests = new Bip341(transaction, spent);
      for (var name :
          new String[] {
            "hashPrevouts", "hashAmounts", "hashScriptPubkeys", "hashSequences", "hashOutputs"
          }) {
        assertTrue(digests.message(0).hex().contains(text(vector.get("intermediary"), name)));
      }
      for (var input : vector.get("inputSpending")) {
        if (input.at("/given/hashType").intValue() == 0) {
          int index = input.at("/given/txinIndex").intValue();
          assertEquals(text(input.get("intermediary"), "sigMsg"), digests.message(index).hex());
          assertEquals(text(input.get("intermediary"), "sigHash"), digests.digest(index).hex());
          cases++;
        }
      }
    }
    assertTrue(cases > 0);
  }

  private static String text(JsonNode node, String name) {
    return node.get(name).textValue();
  }

  private static JsonNode file() throws IOException {
    var folder = folder();
    assumeTrue(folder.isPresent(), "no shared/vectors beside the repository");
    return new ObjectMapper()
        .readTree(folder.orElseThrow().resolve("bips/bip341-wallet.json").toFile());
  }

  private static Optional<Path> folder() {
    var named = Stream.ofNullable(System.getenv("SHAREKEEP_VECTORS")).map(Path::of);
    var above =
        Stream.iterate(
                Optional.of(Path.of("").toAbsolutePath()),
                Optional::isPresent,
                path -> path.map(Path::getParent))
            .map(path -> path.orElseThrow().resolve("shared/vectors"));
    return Stream.concat(named, above).filter(Files::isDirectory).findFirst();
  }
}
