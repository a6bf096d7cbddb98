package io.sharekeep.threshold.group;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A public element of the prime-order subgroup, never the identity. Only {@link PublicOps} and
 * {@link SecretOps} make one, so that holding one proves that it was checked.
 */
public final class Element {
  private final GroupId group;
  private final byte[] encoding;

  /** Filled by whichever backend first needs it; every value that it may take is equal. */
  private volatile @Nullable DecodedPoint decoded;

  /** For the group backends: {@code encoding} has been checked and is owned from here on. */
  Element(GroupId group, byte[] encoding) {
    if (encoding.length != group.elementLength()) {
      throw new IllegalArgumentException("length " + encoding.length);
    }
    this.group = group;
    this.encoding = encoding;
  }

  /** For a backend that has the coordinates of {@code encoding} at hand. */
  Element(GroupId group, byte[] encoding, DecodedPoint decoded) {
    this(group, encoding);
    this.decoded = decoded;
  }

  public GroupId group() {
    return group;
  }

  /** The canonical encoding, a copy. */
  public byte[] encoded() {
    return encoding.clone();
  }

  /** The canonical encoding itself, for the backends: not to be written to. */
  byte[] raw() {
    return encoding;
  }

  Optional<DecodedPoint> decoded() {
    return Optional.ofNullable(decoded);
  }

  void keep(DecodedPoint point) {
    decoded = point;
  }

  /** The sign bit of y: secp256k1 only. */
  public boolean hasOddY() {
    if (group != GroupId.SECP256K1) {
      throw new IllegalStateException("only secp256k1 encodes the parity of y first");
    }
    return encoding[0] == 3;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Element that
        && group == that.group
        && Arrays.equals(encoding, that.encoding);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoding);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(encoding);
  }
}
