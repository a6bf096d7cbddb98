package io.sharekeep.threshold.frost;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.PublicScalar;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Round one done for one point, RFC 9591 section 5.1: the nonces lie in a slab and can be spent
 * once. There is no copy and no serial form. A party with several points holds one of these for
 * each.
 *
 * <p>Only the thread that made it may use or close it, as its slab demands.
 */
public final class Committed implements AutoCloseable {
  private static final int SCALAR = 32;

  private final FrostSuite suite;
  private final Group group;
  private final Scratch scratch;
  private final Once<Scratch.Slab> nonces;
  private final NonceCommitment commitment;

  private Committed(
      FrostSuite suite,
      Group group,
      Scratch scratch,
      Once<Scratch.Slab> nonces,
      NonceCommitment commitment) {
    this.suite = suite;
    this.group = group;
    this.scratch = scratch;
    this.nonces = nonces;
    this.commitment = commitment;
  }

  /**
   * Draws the nonces: d = H3(32 random bytes ‖ share), then e likewise, so that a weak source alone
   * does not give them away.
   *
   * @param scratch lends 64 bytes until {@link #sign} or {@link #close}, and less than 1 KiB
   *     meanwhile
   * @param share the stored share of {@code point}: 32 bytes, canonical, not kept
   * @throws IllegalStateException if a nonce is zero, which a sound source never gives
   */
  public static Committed commit(
      FrostSuite suite,
      Group group,
      Scratch scratch,
      Randomness randomness,
      EvaluationPoint point,
      MemorySegment share) {
    if (group.id() != suite.group()) {
      throw new IllegalArgumentException(suite + " is not over " + group.id());
    }
    requireScalar(group, share);
    var nonces = scratch.borrow(2 * SCALAR);
    try {
      var hiding = nonce(suite, group, scratch, randomness, share, hiding(nonces));
      var binding = nonce(suite, group, scratch, randomness, share, binding(nonces));
      return new Committed(
          suite, group, scratch, new Once<>(nonces), new NonceCommitment(point, hiding, binding));
    } catch (RuntimeException | Error e) {
      nonces.close();
      throw e;
    }
  }

  /** nonce_generate of RFC 9591 section 4.1; returns the commitment to it. */
  private static Element nonce(
      FrostSuite suite,
      Group group,
      Scratch scratch,
      Randomness randomness,
      MemorySegment share,
      MemorySegment out) {
    try (var random = scratch.borrow(SCALAR)) {
      randomness.fill(random.bytes());
      suite.nonce(group.secretOps(), scratch, random.bytes(), share, out);
    }
    return group
        .secretOps()
        .multiplyBase(scratch, out)
        .orElseThrow(() -> new IllegalStateException("a nonce is zero: the source is broken"));
  }

  /** What goes to the others. */
  public NonceCommitment commitment() {
    return commitment;
  }

  /**
   * D + ρ·E, as (d + ρ·e)·G: a third of what it costs others. Spends nothing, and tells nothing
   * that others cannot compute.
   *
   * @return empty for the identity
   */
  Optional<Element> bound(PublicScalar factor) {
    var ops = group.secretOps();
    var held = nonces.peek();
    try (var sum = scratch.borrow(SCALAR)) {
      ops.multiply(scratch, binding(held), factor, sum.bytes());
      ops.add(sum.bytes(), hiding(held), sum.bytes());
      return ops.multiplyBase(scratch, sum.bytes());
    }
  }

  /**
   * Round two, RFC 9591 section 5.2: z = ±(d + e·ρ) + c·λ·s.
   *
   * <p>The nonces are gone once this is called, whatever it returns: signing two messages under one
   * pair of nonces gives the share away. The caller has made durable that they are consumed.
   *
   * @param share the stored share of the same point; derivation and tweak are applied here
   * @return {@code COMMITMENT_MISSING} when the package does not hold this very commitment
   * @throws IllegalStateException when called a second time, or after {@link #close}
   */
  public Step<SignatureShare> sign(MemorySegment share, SigningPackage signing) {
    try (var spent = nonces.spend()) {
      var key = signing.key();
      if (key.suite() != suite) {
        throw new IllegalArgumentException("the package is of another suite");
      }
      requireScalar(group, share);
      var own = signing.bound(commitment.point());
      if (own.isEmpty() || !own.get().commitment().equals(commitment)) {
        return new Step.Aborted<>(Fault.COMMITMENT_MISSING, List.of());
      }
      return new Step.Advanced<>(respond(spent, share, signing, own.get()));
    }
  }

  private SignatureShare respond(
      Scratch.Slab spent, MemorySegment share, SigningPackage signing, SigningPackage.Bound own) {
    var ops = group.secretOps();
    var point = commitment.point();
    try (var left = scratch.borrow(SCALAR);
        var right = scratch.borrow(SCALAR)) {
      var z = left.bytes();
      ops.multiply(scratch, binding(spent), own.factor(), z);
      ops.add(z, hiding(spent), z);
      if (signing.noncesNegated()) {
        ops.negate(z, z);
      }
      signing.key().share(share, right.bytes());
      ops.multiply(scratch, right.bytes(), signing.weightedChallenge(point), right.bytes());
      ops.add(z, right.bytes(), z);
      return new SignatureShare(point, ops.publish(z));
    }
  }

  /** Wipes nonces that were never spent. */
  @Override
  public void close() {
    nonces.drain().ifPresent(Scratch.Slab::close);
  }

  private static MemorySegment hiding(Scratch.Slab nonces) {
    return nonces.bytes().asSlice(0, SCALAR);
  }

  private static MemorySegment binding(Scratch.Slab nonces) {
    return nonces.bytes().asSlice(SCALAR, SCALAR);
  }

  private static void requireScalar(Group group, MemorySegment share) {
    // Whether an opened share is canonical is not secret: a share that is not was never sealed.
    if (share.byteSize() != SCALAR || group.secretOps().isCanonical(share) != 1) {
      throw new IllegalArgumentException("a share is 32 bytes and below the order");
    }
  }
}
