package io.sharekeep.threshold.primitive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.foreign.CryptoLibrary;
import io.sharekeep.threshold.foreign.NativeLibrary;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** libcrypto and the JDK say the same of every signature and of every key. */
final class P256VerifierTest {
  private static final BigInteger N =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private final KeyPair pair = pair();
  private final byte[] spki = pair.getPublic().getEncoded();
  private final P256Verifier ours = P256Verifier.of(spki).orElseThrow();
  private final P256Verifier jdk = P256Verifier.Java.of(spki).orElseThrow();

  @BeforeAll
  static void needsTheLibrary() {
    Assumptions.assumeTrue(
        CryptoLibrary.load() instanceof NativeLibrary.Loaded, "libcrypto.so.3 is not installed");
  }

  @Test
  void theLibraryDoesTheWorkWhereItIs() {
    assertInstanceOf(P256Verifier.Native.class, ours);
  }

  @Test
  void aSignatureOfTheJdkVerifiesAndNoneWithAFlippedBitDoes() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 60; i++) {
      var message = new byte[random.nextInt(200)];
      random.nextBytes(message);
      var signature = sign(message);
      assertVerdict(true, message, signature);
      var flipped = signature.clone();
      flipped[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
      assertVerdict(false, message, flipped);
      assertVerdict(false, Arrays.copyOf(message, message.length + 1), signature);
    }
  }

  @Test
  void numbersThatBeginWithZerosVerify() {
    // One signature in 256 has an r, and one an s, that is shorter than 32 bytes.
    int shorter = 0;
    var message = new byte[1];
    for (int i = 0; shorter < 2; i++) {
      message[0] = (byte) i;
      var signature = sign(message);
      if (signature[0] == 0 || signature[32] == 0) {
        shorter++;
        assertVerdict(true, message, signature);
      }
    }
  }

  @Test
  void zeroTheOrderAndAboveAreNoNumbersOfASignature() {
    var message = new byte[] {1};
    var good = sign(message);
    for (var number : new BigInteger[] {BigInteger.ZERO, N, N.add(BigInteger.ONE)}) {
      assertVerdict(false, message, with(good, 0, number));
      assertVerdict(false, message, with(good, 32, number));
    }
    var r = new BigInteger(1, Arrays.copyOf(good, 32));
    if (r.add(N).bitLength() <= 256) {
      assertVerdict(false, message, with(good, 0, r.add(N)));
    }
    assertVerdict(false, message, new byte[64]);
  }

  @Test
  void aSignatureOfAnotherLengthIsFalse() {
    var message = new byte[] {1};
    var good = sign(message);
    for (int length : new int[] {0, 63, 65}) {
      assertVerdict(false, message, Arrays.copyOf(good, length));
    }
  }

  @Test
  void aPointOffTheCurveIsNoKey() {
    var off = spki.clone();
    off[off.length - 1] ^= 1;
    assertEquals(Optional.empty(), P256Verifier.of(off));
    assertEquals(Optional.empty(), P256Verifier.Native.of(off));
    assertEquals(Optional.empty(), P256Verifier.Java.of(off));
    assertEquals(Optional.empty(), P256Verifier.of(new byte[91]));
  }

  @Test
  void anotherKeyDoesNotVerify() {
    var message = new byte[] {7};
    var signature = sign(message);
    var other = P256Verifier.of(pair().getPublic().getEncoded()).orElseThrow();
    assertTrue(ours.verifies(message, signature));
    assertFalse(other.verifies(message, signature));
  }

  private void assertVerdict(boolean expected, byte[] message, byte[] signature) {
    assertEquals(expected, ours.verifies(message, signature));
    assertEquals(expected, jdk.verifies(message, signature));
  }

  private static byte[] with(byte[] signature, int at, BigInteger number) {
    var changed = signature.clone();
    var bytes = number.toByteArray();
    Arrays.fill(changed, at, at + 32, (byte) 0);
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, changed, at + 32 - length, length);
    return changed;
  }

  private byte[] sign(byte[] message) {
    try {
      var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
      signer.initSign(pair.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair pair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
