package io.sharekeep.threshold.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.primitive.Primitives;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@LeavesNothing
class SealingTest {
  private static final Primitives PRIMITIVES = Primitives.open();
  private static final Octets SESSION = Samples.filled(9, 32);
  private static final byte[] AAD = {1, 2, 3};

  /** RFC 7748 section 6.1. */
  private static final byte[] ALICE =
      HexFormat.of().parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");

  private static final byte[] BOB =
      HexFormat.of().parseHex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  private static final byte[] SHARED =
      HexFormat.of().parseHex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");

  private final TestScratch scratch = new TestScratch();
  private Scratch.Slab aliceSecret = scratch.holding(ALICE);
  private Scratch.Slab bobSecret = scratch.holding(BOB);
  private Sealing alice = agree(aliceSecret, side(aliceSecret, 1), side(bobSecret, 2));
  private Sealing bob = agree(bobSecret, side(bobSecret, 2), side(aliceSecret, 1));

  private static Sealing.Side side(Scratch.Slab secret, int party) {
    return new Sealing.Side(
        new io.sharekeep.threshold.PartyId(party),
        Octets.of(PRIMITIVES.x25519PublicKey(secret.bytes())),
        Samples.filled(0x80 + party, 32));
  }

  private Sealing agree(Scratch.Slab secret, Sealing.Side self, Sealing.Side peer) {
    return Sealing.agree(PRIMITIVES, scratch, secret.bytes(), SESSION, self, peer).orElseThrow();
  }

  @BeforeEach
  void theKeysAreThoseOfTheRfc() {
    assertEquals(
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        side(aliceSecret, 1).ephemeralKey().toString());
  }

  @AfterEach
  void everythingIsGivenBack() {
    alice.close();
    bob.close();
    aliceSecret.close();
    bobSecret.close();
    scratch.close();
  }

  private byte[] opened(Sealing by, int round, long index, byte[] aad, Octets sealed) {
    try (var out = scratch.borrow(sealed.length() - 16)) {
      return by.open(round, index, aad, sealed, out.bytes())
          ? out.bytes().toArray(ValueLayout.JAVA_BYTE)
          : new byte[0];
    }
  }

  private Octets sealed(Sealing by, int round, long index) {
    try (var plain = scratch.holding(new byte[] {7, 7, 7, 7})) {
      return Octets.of(by.seal(round, index, AAD, plain.bytes()));
    }
  }

  @Test
  void whatOneSealsTheOtherOpensAndOnlyInItsPlace() {
    var sealed = sealed(alice, 2, 0);

    assertArrayEquals(new byte[] {7, 7, 7, 7}, opened(bob, 2, 0, AAD, sealed));
    assertEquals(0, opened(bob, 3, 0, AAD, sealed).length, "another round");
    assertEquals(0, opened(bob, 2, 1, AAD, sealed).length, "another index");
    assertEquals(0, opened(bob, 2, 0, new byte[] {1, 2}, sealed).length, "another header");
    assertEquals(0, opened(alice, 2, 0, AAD, sealed).length, "the other direction");
    var flipped = sealed.toArray();
    flipped[0] ^= 1;
    assertEquals(0, opened(bob, 2, 0, AAD, Octets.of(flipped)).length);
  }

  @Test
  void theBytesAreThoseOfHkdfAndChaCha20Poly1305InAnotherLibrary() throws GeneralSecurityException {
    var extracted = hmac(SESSION.toArray(), SHARED);
    var info =
        ByteBuffer.allocate(17 + 16 + 64)
            .put("SHAREKEEP-V1/seal".getBytes(StandardCharsets.US_ASCII))
            .putLong(1)
            .putLong(2)
            .put(Samples.filled(0x81, 32).toArray())
            .put(Samples.filled(0x82, 32).toArray())
            .array();
    var chain = hmac(extracted, concat(info, new byte[] {1}));
    var nonce = ByteBuffer.allocate(12).putInt(2).putLong(5).array();
    var key = Arrays.copyOf(hmac(chain, concat(nonce, new byte[] {1})), 32);
    var cipher = Cipher.getInstance("ChaCha20-Poly1305");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
    cipher.updateAAD(AAD);

    assertEquals(Octets.of(cipher.doFinal(new byte[] {7, 7, 7, 7})), sealed(alice, 2, 5));
    assertEquals(Octets.of(key), bob.reveal(2, 5));
    GoldenFile.assertGolden("sealed-payload", sealed(alice, 2, 6).toArray());
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA512");
    mac.init(new SecretKeySpec(key, "HmacSHA512"));
    return mac.doFinal(message);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    var joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  @Test
  void aRevealedKeyOpensItsOwnMessageOnly() {
    var first = sealed(alice, 2, 0);
    var second = sealed(alice, 3, 0);
    var key = bob.reveal(2, 0);
    try (var out = scratch.borrow(4)) {
      assertTrue(Sealing.openRevealed(PRIMITIVES, scratch, key, 2, 0, AAD, first, out.bytes()));
      assertFalse(Sealing.openRevealed(PRIMITIVES, scratch, key, 3, 0, AAD, second, out.bytes()));
    }
  }

  @Test
  void aNonceIsNeverUsedTwice() {
    sealed(alice, 2, 1);

    assertThrows(IllegalStateException.class, () -> sealed(alice, 2, 1));
    assertThrows(IllegalStateException.class, () -> sealed(alice, 2, 0));
    assertThrows(IllegalStateException.class, () -> sealed(alice, 1, 9));
    assertEquals(20, sealed(alice, 3, 0).length());
  }

  @Test
  void aPeerKeyOfSmallOrderIsRefused() {
    for (int lowest = 0; lowest <= 1; lowest++) {
      var point = new byte[32];
      point[0] = (byte) lowest;
      var peer = new Sealing.Side(Samples.TWO, Octets.of(point), Samples.filled(0x82, 32));
      assertTrue(
          Sealing.agree(
                  PRIMITIVES, scratch, aliceSecret.bytes(), SESSION, side(aliceSecret, 1), peer)
              .isEmpty());
    }
  }

  @Test
  void anotherSessionOrRoundOneMakesOtherKeys() {
    var self = side(aliceSecret, 1);
    var peer = side(bobSecret, 2);
    var elsewhere = new Sealing.Side(peer.party(), peer.ephemeralKey(), Samples.filled(0, 32));
    try (var session =
            Sealing.agree(
                    PRIMITIVES, scratch, aliceSecret.bytes(), Samples.filled(8, 32), self, peer)
                .orElseThrow();
        var roundOne =
            Sealing.agree(PRIMITIVES, scratch, aliceSecret.bytes(), SESSION, self, elsewhere)
                .orElseThrow()) {
      assertEquals(0, opened(bob, 2, 0, AAD, sealed(session, 2, 0)).length);
      assertEquals(0, opened(bob, 2, 0, AAD, sealed(roundOne, 2, 0)).length);
    }
  }
}
