package io.sharekeep.threshold.group;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.keygen.SeededRandomness;
import io.sharekeep.threshold.primitive.Primitives;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The published vectors are in {@code SignatureVerifierTest}; here is what they do not hold. */
class Ed25519VerifierTest {
  private static final Primitives PRIMITIVES = Primitives.open();

  @Test
  void whatLibsodiumSignsVerifiesAndWithAnyBitChangedDoesNot() {
    var random = new SplittableRandom(8032);
    try (var scratch = new TestScratch();
        var secret = scratch.borrow(64)) {
      for (int i = 0; i < 12; i++) {
        var key = PRIMITIVES.ed25519KeyPair(scratch, new SeededRandomness(i), secret.bytes());
        var verifier = Ed25519Verifier.of(key).orElseThrow();
        var message = new byte[random.nextInt(1, 200)];
        random.nextBytes(message);
        var signature = PRIMITIVES.ed25519Sign(secret.bytes(), message);
        assertTrue(verifier.verifies(message, signature));
        for (int bit = 0; bit < 512; bit += random.nextInt(1, 9)) {
          signature[bit / 8] ^= (byte) (1 << bit % 8);
          assertFalse(verifier.verifies(message, signature));
          signature[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertFalse(verifier.verifies(message, Arrays.copyOf(signature, 65)));
        message[random.nextInt(message.length)]++;
        assertFalse(verifier.verifies(message, signature));
      }
    }
  }

  /** S and S + L satisfy the same equation. */
  @Test
  void anSThatIsNotReducedIsRefused() {
    try (var scratch = new TestScratch();
        var secret = scratch.borrow(64)) {
      var key = PRIMITIVES.ed25519KeyPair(scratch, new SeededRandomness(1), secret.bytes());
      var signature = PRIMITIVES.ed25519Sign(secret.bytes(), new byte[1]);
      var verifier = Ed25519Verifier.of(key).orElseThrow();
      var s = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)));
      var more = reversed(s.add(Ed25519Scalars.ORDER).toByteArray());
      System.arraycopy(Arrays.copyOf(more, 32), 0, signature, 32, 32);
      assertFalse(verifier.verifies(new byte[1], signature));
    }
  }

  /** With R = 0 and S = k·a the equation holds; libsodium refuses it, and so do we. */
  @Test
  void theIdentityIsNoR() throws Exception {
    var ops = new JavaEd25519().publicOps();
    var a = ops.scalar(77);
    var key = ops.multiplyBase(a).orElseThrow().encoded();
    var signature = new byte[64];
    signature[0] = 1;
    var sha512 = MessageDigest.getInstance("SHA-512");
    sha512.update(signature, 0, 32);
    sha512.update(key);
    var s = ops.multiply(ops.reduce(sha512.digest(new byte[3])), a);
    System.arraycopy(s.encoded(), 0, signature, 32, 32);

    assertFalse(Ed25519Verifier.of(key).orElseThrow().verifies(new byte[3], signature));
    assertFalse(PRIMITIVES.ed25519Verify(key, new byte[3], signature));
  }

  @Test
  void onlyAPointOfThePrimeOrderSubgroupIsAKey() {
    var identity = new byte[32];
    identity[0] = 1;
    var good = EdwardsTables.BASE.encoded();
    assertTrue(Ed25519Verifier.of(good).isPresent());
    assertTrue(Ed25519Verifier.of(identity).isEmpty());
    assertTrue(Ed25519Verifier.of(new byte[32]).isEmpty(), "order four");
    assertTrue(Ed25519Verifier.of(GroupSelfTest.plusOrderTwo(good)).isEmpty());
    assertTrue(Ed25519Verifier.of(Arrays.copyOf(good, 31)).isEmpty());
    var notCanonical = new byte[32];
    Arrays.fill(notCanonical, (byte) 0xff);
    assertTrue(Ed25519Verifier.of(notCanonical).isEmpty());
  }

  private static byte[] reversed(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
