package io.sharekeep.threshold.primitive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.threshold.SharedVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Runs the published files themselves, where they lie beside the repository. */
final class SharedVectorsTest {
  private final SignatureVerifier verifier = SignatureVerifier.open();
  private final Primitives primitives = Primitives.open();

  @Test
  void everyEd25519CaseOfWycheproofIsJudgedAsPublished() throws IOException {
    var root = new ObjectMapper().readTree(present("wycheproof/ed25519_test.json").toFile());
    int cases = 0;
    for (var group : root.get("testGroups")) {
      var publicKey = hex(group.get("publicKey").get("pk").asText());
      for (var test : group.get("tests")) {
        assertEquals(
            test.get("result").asText().equals("valid"),
            verifier.ed25519(
                publicKey, hex(test.get("msg").asText()), hex(test.get("sig").asText())),
            test::toString);
        cases++;
      }
    }
    assertEquals(root.get("numberOfTests").asInt(), cases);
  }

  @Test
  void everyX25519CaseOfWycheproofIsComputedAsPublished() throws IOException {
    var root = new ObjectMapper().readTree(present("wycheproof/x25519_test.json").toFile());
    int cases = 0;
    for (var group : root.get("testGroups")) {
      for (var test : group.get("tests")) {
        var shared = hex(test.get("shared").asText());
        var zero = HexFormat.of().formatHex(shared).equals("00".repeat(32));
        PrimitivesTest.onSlabs((scratch, slabs) -> {
          var out = slabs.zero(32);
          var agreed =
              primitives.x25519(
                  slabs.holding(hex(test.get("private").asText())),
                  hex(test.get("public").asText()),
                  out);
          assertEquals(!zero, agreed, test::toString);
          assertEquals(test.get("shared").asText(), PrimitivesTest.hexOf(out), test::toString);
        });
        cases++;
      }
    }
    assertEquals(root.get("numberOfTests").asInt(), cases);
  }

  @Test
  void everyRowOfBip340IsJudgedAsPublished() throws IOException {
    var rows = Files.readAllLines(present("bips/bip340.csv"));
    assertTrue(rows.size() > 1);
    for (var row : rows.subList(1, rows.size())) {
      var fields = row.toLowerCase(Locale.ROOT).split(",", -1);
      assertEquals(
          fields[6].equals("true"),
          verifier.bip340(hex(fields[2]), hex(fields[4]), hex(fields[5])),
          row);
    }
  }

  private static Path present(String name) {
    var file = SharedVectors.file(name);
    Assumptions.assumeTrue(file.isPresent(), name + " is not beside the repository");
    return file.orElseThrow();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
