package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * What one party draws for one signature: r, φ and 32 bytes of entropy, in one slab, and what it
 * commits to of them.
 */
final class Nonces implements AutoCloseable {
  private static final int SCALAR = 32;

  private final Scratch.Slab slab;
  private final Opening opening;

  /**
   * R = r·G and E, the commitment to the entropy.
   *
   * @param entropy 32 bytes
   */
  record Opening(Element point, Octets entropy) {}

  private Nonces(Scratch.Slab slab, Opening opening) {
    this.slab = slab;
    this.opening = opening;
  }

  /** Draws r, then φ, then the entropy. */
  static Nonces draw(Means means, PartyId self, int batch) {
    var slab = means.scratch().borrow(3L * SCALAR);
    try {
      var ops = means.group().secretOps();
      var r = slab.bytes().asSlice(0, SCALAR);
      var entropy = slab.bytes().asSlice(2 * SCALAR, SCALAR);
      ops.random(means.randomness(), means.work(), r);
      ops.random(means.randomness(), means.work(), slab.bytes().asSlice(SCALAR, SCALAR));
      means.randomness().fill(entropy);
      var point =
          ops.multiplyBase(means.work(), r)
              .orElseThrow(() -> new IllegalStateException("a nonce came out as zero"));
      return new Nonces(slab, new Opening(point, commitment(means, self, batch, entropy)));
    } catch (RuntimeException | Error failure) {
      slab.close();
      throw failure;
    }
  }

  /** E = H32("sign/ent", id, k, e). */
  static Octets commitment(Means means, PartyId self, int batch, MemorySegment entropy) {
    try (var work = means.work().borrow(256 + 64)) {
      var out = work.bytes().asSlice(256, 64);
      new SecretHash(means.primitives(), Tag.SIGN_ENTROPY, work.bytes().asSlice(0, 256))
          .integer(self.value())
          .integer(batch)
          .segment(entropy)
          .full(out);
      return Octets.of(out.asSlice(0, 32).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** com = H32("sign/com", ctxh, id, n, {R_k, E_k}, blind). */
  static Octets commitment(
      Octets contextHash, PartyId party, Octets nonce, List<Opening> openings, Octets blind) {
    var hash =
        TaggedHash.of(Tag.SIGN_COMMITMENT)
            .octets(contextHash)
            .party(party)
            .octets(nonce)
            .integer(openings.size());
    openings.forEach(opening -> hash.element(opening.point()).octets(opening.entropy()));
    return hash.octets(blind).digest();
  }

  Opening opening() {
    return opening;
  }

  MemorySegment r() {
    return slab.bytes().asSlice(0, SCALAR);
  }

  MemorySegment phi() {
    return slab.bytes().asSlice(SCALAR, SCALAR);
  }

  MemorySegment entropy() {
    return slab.bytes().asSlice(2 * SCALAR, SCALAR);
  }

  /** Wipes. */
  @Override
  public void close() {
    slab.close();
  }

  @Override
  public String toString() {
    return "Nonces[redacted]";
  }
}
