package io.sharekeep.threshold.group;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A scalar that everybody may know: a challenge, a binding factor, an interpolation coefficient, a
 * signature share. There is no way from a secret scalar to this type but {@link SecretOps#publish},
 * which names what it does.
 */
public final class PublicScalar {
  private final GroupId group;
  private final byte[] encoding;

  /** For the group backends: {@code encoding} is canonical and owned from here on. */
  PublicScalar(GroupId group, byte[] encoding) {
    if (encoding.length != GroupId.SCALAR_LENGTH) {
      throw new IllegalArgumentException("length " + encoding.length);
    }
    this.group = group;
    this.encoding = encoding;
  }

  public GroupId group() {
    return group;
  }

  /** 32 bytes in the group's byte order, a copy. */
  public byte[] encoded() {
    return encoding.clone();
  }

  /** The encoding itself, for the backends: not to be written to. */
  byte[] raw() {
    return encoding;
  }

  public boolean isZero() {
    return Arrays.equals(encoding, new byte[GroupId.SCALAR_LENGTH]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicScalar that
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
