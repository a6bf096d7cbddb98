package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.primitive.Primitives;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The sealed channel of one pair of parties in one session, seen from one of them (protocols.md,
 * section 7.4): X25519, HKDF-SHA512, ChaCha20-Poly1305. Both directions' keys lie in one slab that
 * {@link #close} wipes. Every message has a key of its own, so that a complaint can reveal one.
 */
public final class Sealing implements AutoCloseable {
  private static final int CHAIN = 64;
  private static final int KEY = 32;

  private final Primitives primitives;
  private final Scratch scratch;
  private final Scratch.Slab slab;
  private int lastRound;
  private long lastIndex = -1;

  private Sealing(Primitives primitives, Scratch scratch, Scratch.Slab slab) {
    this.primitives = primitives;
    this.scratch = scratch;
    this.slab = slab;
  }

  /**
   * One side of the agreement.
   *
   * @param roundOne H32 of this party's envelope of round 1
   */
  public record Side(PartyId party, Octets ephemeralKey, Octets roundOne) {}

  /**
   * @param secret 32 bytes: the own ephemeral X25519 key, lent for this call
   * @return empty when the peer's key is of small order: the peer is at fault
   */
  public static Optional<Sealing> agree(
      Primitives primitives,
      Scratch scratch,
      MemorySegment secret,
      Octets session,
      Side self,
      Side peer) {
    var slab = scratch.borrow(2 * CHAIN);
    try (var work = scratch.borrow(KEY + CHAIN)) {
      var shared = work.bytes().asSlice(0, KEY);
      var extracted = work.bytes().asSlice(KEY, CHAIN);
      if (!primitives.x25519(secret, peer.ephemeralKey.raw(), shared)) {
        slab.close();
        return Optional.empty();
      }
      primitives.hkdfSha512Extract(scratch, session.raw(), shared, extracted);
      primitives.hkdfSha512Expand(
          scratch, extracted, info(self, peer), slab.bytes().asSlice(0, CHAIN));
      primitives.hkdfSha512Expand(
          scratch, extracted, info(peer, self), slab.bytes().asSlice(CHAIN, CHAIN));
      return Optional.of(new Sealing(primitives, scratch, slab));
    } catch (RuntimeException | Error failure) {
      slab.close();
      throw failure;
    }
  }

  /**
   * Seals to the peer. Round and index are the nonce: each pair once, ascending.
   *
   * @param plain lent for this call
   * @throws IllegalStateException when the pair is not above the last one
   */
  public byte[] seal(int round, long index, byte[] associatedData, MemorySegment plain) {
    if (round < lastRound || (round == lastRound && index <= lastIndex)) {
      throw new IllegalStateException("a nonce of this channel would be used twice");
    }
    lastRound = round;
    lastIndex = index;
    try (var key = scratch.borrow(KEY)) {
      derive(0, round, index, key.bytes());
      return primitives.seal(key.bytes(), nonce(round, index), associatedData, plain);
    }
  }

  /**
   * Opens what the peer sealed.
   *
   * @param out exactly as long as the plaintext; zero when the answer is false
   */
  public boolean open(
      int round, long index, byte[] associatedData, Octets sealed, MemorySegment out) {
    try (var key = scratch.borrow(KEY)) {
      derive(CHAIN, round, index, key.bytes());
      return primitives.open(key.bytes(), nonce(round, index), associatedData, sealed.raw(), out);
    }
  }

  /**
   * Makes the key of one message of the peer public, as evidence. Only for a session that ends: it
   * opens that message to everybody.
   */
  public Octets reveal(int round, long index) {
    try (var key = scratch.borrow(KEY)) {
      derive(CHAIN, round, index, key.bytes());
      return Octets.owned(key.bytes().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** Opens with a revealed key; what it opens is public by then. */
  public static boolean openRevealed(
      Primitives primitives,
      Scratch scratch,
      Octets revealed,
      int round,
      long index,
      byte[] associatedData,
      Octets sealed,
      MemorySegment out) {
    try (var key = scratch.borrow(KEY)) {
      MemorySegment.copy(MemorySegment.ofArray(revealed.raw()), 0, key.bytes(), 0, KEY);
      return primitives.open(key.bytes(), nonce(round, index), associatedData, sealed.raw(), out);
    }
  }

  /**
   * The same where everything is public and no slab is at hand: for who was not in the session.
   *
   * @return empty when it does not open
   */
  public static Optional<byte[]> openPublic(
      Octets revealed, int round, long index, byte[] associatedData, Octets sealed) {
    try {
      var cipher = Cipher.getInstance("ChaCha20-Poly1305");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(revealed.raw(), "ChaCha20"),
          new IvParameterSpec(nonce(round, index)));
      cipher.updateAAD(associatedData);
      return Optional.of(cipher.doFinal(sealed.raw()));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has ChaCha20-Poly1305", e);
    }
  }

  @Override
  public void close() {
    slab.close();
  }

  private void derive(long chain, int round, long index, MemorySegment out) {
    primitives.hkdfSha512Expand(
        scratch, slab.bytes().asSlice(chain, CHAIN), nonce(round, index), out);
  }

  private static byte[] nonce(int round, long index) {
    return ByteBuffer.allocate(12).putInt(round).putLong(index).array();
  }

  private static byte[] info(Side from, Side to) {
    var tag = Tag.SEAL.ascii();
    return ByteBuffer.allocate(tag.length + 2 * Long.BYTES + 2 * 32)
        .put(tag)
        .putLong(from.party.value())
        .putLong(to.party.value())
        .put(from.roundOne.raw())
        .put(to.roundOne.raw())
        .array();
  }
}
