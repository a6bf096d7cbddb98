package io.sharekeep.threshold.primitive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.threshold.SharedVectors;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
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

  /** A signature that is no strict DER has no form in which the verifier would see it. */
  @Test
  void everyEcdsaCaseOfWycheproofIsJudgedAsPublished() throws IOException {
    var file = present("wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json");
    var root = new ObjectMapper().readTree(file.toFile());
    int cases = 0;
    int seen = 0;
    for (var group : root.get("testGroups")) {
      var point = hex(group.get("publicKey").get("uncompressed").asText());
      var publicKey = Arrays.copyOf(point, 33);
      publicKey[0] = (byte) (2 + (point[64] & 1));
      for (var test : group.get("tests")) {
        var digest = sha256(hex(test.get("msg").asText()));
        var signature = strict(hex(test.get("sig").asText()));
        seen += signature.isPresent() ? 1 : 0;
        assertEquals(
            test.get("result").asText().equals("valid"),
            signature.filter(compact -> verifier.ecdsa(publicKey, digest, compact)).isPresent(),
            test::toString);
        cases++;
      }
    }
    assertEquals(root.get("numberOfTests").asInt(), cases);
    assertEquals(231, seen);
  }

  /** r and s of strict DER, 64 bytes. */
  private static Optional<byte[]> strict(byte[] der) {
    if (der.length < 8 || der[0] != 0x30 || der[1] != der.length - 2) {
      return Optional.empty();
    }
    var compact = new byte[64];
    int at = 2;
    for (int half = 0; half < 2; half++) {
      if (at + 2 > der.length || der[at] != 2) {
        return Optional.empty();
      }
      int length = der[at + 1];
      at += 2;
      if (length < 1 || length > 33 || at + length > der.length) {
        return Optional.empty();
      }
      var value = new BigInteger(der, at, length);
      if (value.signum() < 0 || value.toByteArray().length != length || value.bitLength() > 256) {
        return Optional.empty();
      }
      for (int i = 0; i < 32; i++) {
        compact[32 * half + 31 - i] = value.shiftRight(8 * i).byteValue();
      }
      at += length;
    }
    return at == der.length ? Optional.of(compact) : Optional.empty();
  }

  private static byte[] sha256(byte[] message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
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
