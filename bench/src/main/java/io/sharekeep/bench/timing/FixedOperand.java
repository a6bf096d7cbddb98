package io.sharekeep.bench.timing;

import io.sharekeep.threshold.group.GroupId;
import java.util.Arrays;
import java.util.HexFormat;

/** The fixed scalars that are compared with random ones: few bits, a pattern, and the largest. */
enum FixedOperand {
  ONE("k=1"),
  ONES("k=0x11..11"),
  LARGEST("k=n-1");

  private static final byte[] SECP256K1_LARGEST =
      HexFormat.of().parseHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140");
  private static final byte[] ED25519_LARGEST =
      HexFormat.of().parseHex("ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

  private final String text;

  FixedOperand(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** 32 bytes in the group's order. */
  byte[] scalar(GroupId group) {
    var scalar = new byte[GroupId.SCALAR_LENGTH];
    switch (this) {
      case ONE -> scalar[group == GroupId.SECP256K1 ? 31 : 0] = 1;
      case ONES -> {
        Arrays.fill(scalar, (byte) 0x11);
        if (group == GroupId.ED25519) {
          scalar[31] = 0x01; // below the order
        }
      }
      case LARGEST -> {
        return (group == GroupId.SECP256K1 ? SECP256K1_LARGEST : ED25519_LARGEST).clone();
      }
    }
    return scalar;
  }

  /** The same, as the low half of 64 bytes. */
  byte[] wide(GroupId group) {
    var wide = new byte[2 * GroupId.SCALAR_LENGTH];
    System.arraycopy(
        scalar(group), 0, wide, group == GroupId.SECP256K1 ? 32 : 0, GroupId.SCALAR_LENGTH);
    return wide;
  }

  /** Random operands beside this one; the mask makes them canonical. */
  Operands scalars(GroupId group, long seed) {
    return group == GroupId.SECP256K1
        ? Operands.of(scalar(group), 0x7f, 0xff, seed)
        : Operands.of(scalar(group), 0xff, 0x0f, seed);
  }
}
