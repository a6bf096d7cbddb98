package io.sharekeep.threshold.primitive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.group.Ed25519Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignatureVerifierTest {
  private static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private final SignatureVerifier verifier = SignatureVerifier.open();

  record Case(String id, boolean valid, byte[] publicKey, byte[] signature, byte[] message) {
    static Case parse(String line) {
      var fields = line.split(" ", -1);
      return new Case(
          fields[0],
          fields[1].equals("valid") || fields[1].equals("true"),
          hex(fields[2]),
          hex(fields[3]),
          hex(fields[4]));
    }

    @Override
    public String toString() {
      return id + (valid ? " valid" : " invalid");
    }
  }

  static Stream<Case> wycheproofEd25519() {
    return lines("wycheproof-ed25519.txt");
  }

  static Stream<Case> wycheproofEcdsa() {
    return lines("wycheproof-ecdsa-bitcoin.txt");
  }

  static Stream<Case> bip340() {
    return lines("bip340.txt");
  }

  @ParameterizedTest(name = "tcId {0}")
  @MethodSource("wycheproofEd25519")
  void wycheproofEd25519CasesAreJudgedAsPublished(Case c) {
    assertEquals(c.valid, verifier.ed25519(c.publicKey, c.message, c.signature));
    assertEquals(c.valid, Primitives.open().ed25519Verify(c.publicKey, c.message, c.signature));
    assertEquals(
        c.valid,
        Ed25519Verifier.of(c.publicKey)
            .map(key -> key.verifies(c.message, c.signature))
            .orElse(false));
  }

  /** By Bitcoin's rules: s is low. Where it is valid its key can be recovered. */
  @ParameterizedTest(name = "tcId {0}")
  @MethodSource("wycheproofEcdsa")
  void wycheproofEcdsaCasesAreJudgedAsPublished(Case c) {
    assertEquals(c.valid, verifier.ecdsa(c.publicKey, c.message, c.signature));
    boolean recovered =
        IntStream.range(0, 4)
            .mapToObj(id -> verifier.recover(c.message, c.signature, id))
            .anyMatch(key -> key.filter(k -> Arrays.equals(k, c.publicKey)).isPresent());
    assertTrue(recovered || !c.valid);
  }

  @ParameterizedTest(name = "row {0}")
  @MethodSource("bip340")
  void bip340RowsAreJudgedAsPublished(Case c) {
    assertEquals(c.valid, verifier.bip340(c.publicKey, c.message, c.signature));
  }

  @Test
  void theCarriedVectorFilesAreWhole() {
    assertEquals(151, wycheproofEd25519().count());
    assertEquals(109, wycheproofEcdsa().count());
    assertEquals(19, bip340().count());
  }

  static LongStream seeds() {
    return new SplittableRandom(20260340).longs(60);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aFlippedBitInAnyOperandIsRefused(long seed) {
    var random = new SplittableRandom(seed);
    var ed25519 = pick(wycheproofEd25519(), random);
    var operands = flipOne(ed25519, random);
    assertFalse(verifier.ed25519(operands[0], operands[1], operands[2]));
    var schnorr = pick(bip340(), random);
    operands = flipOne(schnorr, random);
    assertFalse(verifier.bip340(operands[0], operands[1], operands[2]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      })
  void aSmallOrderKeySignsNothingForAnybody(String smallOrder) {
    // With A and R of small order and S = 0 the equation holds for one message in eight or more.
    for (var r : new String[] {"01" + "00".repeat(31), smallOrder}) {
      var signature = hex(r + "00".repeat(32));
      for (int i = 0; i < 32; i++) {
        assertFalse(verifier.ed25519(hex(smallOrder), new byte[] {(byte) i}, signature));
      }
    }
  }

  @Test
  void aSignatureWithSPlusTheOrderIsRefused() {
    wycheproofEd25519()
        .filter(Case::valid)
        .forEach(c -> {
          var moved = c.signature.clone();
          var s = little(moved).add(L).toByteArray();
          for (int i = 0; i < 32; i++) {
            moved[32 + i] = i < s.length ? s[s.length - 1 - i] : 0;
          }
          assertFalse(verifier.ed25519(c.publicKey, c.message, moved), c.id);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 63, 65})
  void aWrongLengthIsAnAnswerNotAnError(int length) {
    var message = "m".getBytes(StandardCharsets.US_ASCII);
    assertFalse(verifier.ed25519(new byte[length], message, new byte[64]));
    assertFalse(verifier.bip340(new byte[length], message, new byte[64]));
    assertFalse(verifier.ed25519(new byte[32], message, new byte[length]));
    assertFalse(verifier.bip340(new byte[32], message, new byte[length]));
  }

  private static BigInteger little(byte[] signature) {
    var big = new byte[32];
    for (int i = 0; i < 32; i++) {
      big[i] = signature[63 - i];
    }
    return new BigInteger(1, big);
  }

  private static Case pick(Stream<Case> cases, SplittableRandom random) {
    var valid = cases.filter(c -> c.valid && c.message.length > 0).toList();
    return valid.get(random.nextInt(valid.size()));
  }

  private static byte[][] flipOne(Case c, SplittableRandom random) {
    byte[][] operands = {c.publicKey.clone(), c.message.clone(), c.signature.clone()};
    var hit = operands[random.nextInt(3)];
    hit[random.nextInt(hit.length)] ^= (byte) (1 << random.nextInt(8));
    return operands;
  }

  private static Stream<Case> lines(String name) {
    try (var in = SignatureVerifierTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError(name + " is not there");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines().filter(line -> !line.startsWith("#")).map(Case::parse).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] hex(String text) {
    return text.equals("-") ? new byte[0] : HexFormat.of().parseHex(text);
  }
}
