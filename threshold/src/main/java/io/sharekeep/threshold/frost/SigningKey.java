package io.sharekeep.threshold.frost;

import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SigningStatement;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The key that one signature verifies under, and the public map that takes a stored share s to the
 * share ±s + offset of that key.
 *
 * <p>What is stored is always the internal key, neither derived nor tweaked, with its parity. A
 * derivation offset τ (BIP-32) comes first: P = PK + τ·G. For Taproot then, by BIP-341, g1 = −1 if
 * P is odd, t = TapTweak(x(P) ‖ root), Q = g1·P + t·G and g2 = −1 if Q is odd, so that a share
 * becomes g2·(g1·(s + τ) + t).
 */
public final class SigningKey {
  private final FrostSuite suite;
  private final Group group;
  private final Element groupKey;
  private final boolean negated;
  private final PublicScalar offset;

  private SigningKey(
      FrostSuite suite, Group group, Element groupKey, boolean negated, PublicScalar offset) {
    this.suite = suite;
    this.group = group;
    this.groupKey = groupKey;
    this.negated = negated;
    this.offset = offset;
  }

  /** The stored key itself; for Taproot with an even y, without tweak. */
  public static SigningKey stored(FrostSuite suite, Group group, Element storedKey) {
    return derived(suite, group, storedKey, zero(group), new TaprootTweak.None())
        .orElseThrow(() -> new IllegalStateException("a key without offset is never degenerate"));
  }

  /**
   * @param storedKey PK as key generation left it
   * @param derivation τ, zero for none
   * @param tweak {@code None} for any suite but Taproot
   * @return empty when a sum is the identity or the tweak is not below the order: chance 2^-127
   */
  public static Optional<SigningKey> derived(
      FrostSuite suite,
      Group group,
      Element storedKey,
      PublicScalar derivation,
      TaprootTweak tweak) {
    if (group.id() != suite.group() || storedKey.group() != suite.group()) {
      throw new IllegalArgumentException("suite, group and key do not belong together");
    }
    var internal = plus(group, storedKey, derivation);
    if (suite.isTaproot()) {
      return internal.flatMap(p -> taproot(group, p, derivation, tweak));
    }
    if (!(tweak instanceof TaprootTweak.None)) {
      throw new IllegalArgumentException(suite + " keys take no Taproot tweak");
    }
    return internal.map(p -> new SigningKey(suite, group, p, false, derivation));
  }

  private static Optional<SigningKey> taproot(
      Group group, Element internal, PublicScalar derivation, TaprootTweak tweak) {
    var ops = group.publicOps();
    boolean internalOdd = internal.hasOddY();
    var even = internalOdd ? ops.negate(internal) : internal;
    var shift = internalOdd ? ops.negate(derivation) : derivation;
    return tapTweak(group, even, tweak)
        .flatMap(t ->
            plus(group, even, t)
                .map(q -> {
                  var sum = ops.add(shift, t);
                  return q.hasOddY()
                      ? taproot(group, ops.negate(q), !internalOdd, ops.negate(sum))
                      : taproot(group, q, internalOdd, sum);
                }));
  }

  private static SigningKey taproot(
      Group group, Element key, boolean negated, PublicScalar offset) {
    return new SigningKey(FrostSuite.SECP256K1_TAPROOT, group, key, negated, offset);
  }

  private static Optional<PublicScalar> tapTweak(Group group, Element even, TaprootTweak tweak) {
    var x = FrostSuite.xOnly(even.encoded());
    return switch (tweak) {
      case TaprootTweak.None _ -> Optional.of(zero(group));
      case TaprootTweak.Bip86 _ -> group.publicOps().decodeScalar(PublicHash.tagged("TapTweak", x));
      case TaprootTweak.MerkleRoot(var root) ->
          group.publicOps().decodeScalar(PublicHash.tagged("TapTweak", x, root));
    };
  }

  private static Optional<Element> plus(Group group, Element p, PublicScalar k) {
    var ops = group.publicOps();
    return k.isZero() ? Optional.of(p) : ops.multiplyBase(k).flatMap(kG -> ops.add(p, kG));
  }

  private static PublicScalar zero(Group group) {
    return group.publicOps().scalar(0);
  }

  /** What has to be said of this key and a message for others to check shares. All is public. */
  public SigningStatement.Lane stated(byte[] message) {
    return new SigningStatement.Lane(
        Octets.of(message), Octets.of(groupKey.encoded()), negated, Octets.of(offset.encoded()));
  }

  /** The key of which that was said; empty if key or offset do not decode. */
  static Optional<SigningKey> of(FrostSuite suite, Group group, SigningStatement.Lane stated) {
    var ops = group.publicOps();
    return ops.decode(stated.key().toArray())
        .flatMap(key ->
            ops.decodeScalar(stated.offset().toArray())
                .map(offset -> new SigningKey(suite, group, key, stated.negated(), offset)));
  }

  public FrostSuite suite() {
    return suite;
  }

  public Group group() {
    return group;
  }

  /** What signatures verify under; for Taproot the output key Q with an even y. */
  public Element groupKey() {
    return groupKey;
  }

  /**
   * The 32 bytes that a Taproot output holds.
   *
   * @throws IllegalStateException for another suite
   */
  public byte[] xOnly() {
    if (!suite.isTaproot()) {
      throw new IllegalStateException(suite + " has no x-only keys");
    }
    return FrostSuite.xOnly(groupKey.encoded());
  }

  /**
   * The public share of this key that belongs to a stored public share.
   *
   * @return empty if it is the identity: chance 2^-252
   */
  public Optional<Element> verificationShare(Element stored) {
    return plus(group, negated ? group.publicOps().negate(stored) : stored, offset);
  }

  /** The share of this key that belongs to a stored one; both lie on slabs. */
  void share(MemorySegment stored, MemorySegment out) {
    var ops = group.secretOps();
    if (negated) {
      ops.negate(stored, out);
      ops.add(out, offset, out);
    } else {
      ops.add(stored, offset, out);
    }
  }

  boolean isNegated() {
    return negated;
  }

  PublicScalar offset() {
    return offset;
  }
}
