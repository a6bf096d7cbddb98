package io.sharekeep.threshold.group;

import java.util.Arrays;

/** Multiples of the base point of RFC 8032 section 5.1, made when first used. */
final class EdwardsTables {
  static final EdwardsPoint BASE = EdwardsPoint.decode(encodedBase()).orElseThrow();

  /** Digits of this width go with {@link #ODD_MULTIPLES}. */
  static final int WIDTH = 8;

  /** G, 3G, .. 127G. */
  static final EdwardsAddend[] ODD_MULTIPLES = BASE.oddMultiples(1 << (WIDTH - 2));

  /** The same of 2^128·G. */
  static final EdwardsAddend[] HIGH_ODD_MULTIPLES = high().oddMultiples(1 << (WIDTH - 2));

  /** Longs of an addend in a table from which a secret digit selects. */
  static final int ENTRY = 20;

  /** 64 tables of 16: d·16^i·G for i = 0..63, d = 0..15. */
  static final long[] WINDOWS = windows();

  private EdwardsTables() {}

  private static byte[] encodedBase() {
    byte[] encoding = new byte[32];
    Arrays.fill(encoding, (byte) 0x66);
    encoding[0] = 0x58;
    return encoding;
  }

  private static EdwardsPoint high() {
    var sum = new EdwardsSum().set(BASE);
    for (int i = 0; i < 128; i++) {
      sum.twice(false);
    }
    return sum.affine();
  }

  private static long[] windows() {
    long[] all = new long[64 * 16 * ENTRY];
    var first = new EdwardsSum().set(BASE).addend();
    for (int i = 0; i < 64; i++) {
      first = window(first, all, i * 16 * ENTRY);
    }
    return all;
  }

  /** 0, P, .. 15P: sixteen addends of twenty limbs. The table is public. */
  static long[] window(EdwardsPoint p) {
    long[] table = new long[16 * ENTRY];
    window(new EdwardsSum().set(p).addend(), table, 0);
    return table;
  }

  /** Writes 0, P, .. 15P and returns 16P. */
  private static EdwardsAddend window(EdwardsAddend p, long[] table, int at) {
    var sum = new EdwardsSum();
    for (int i = 0; i < 16; i++) {
      var addend = sum.addend();
      addend.sum().write(table, at + i * ENTRY);
      addend.difference().write(table, at + i * ENTRY + 5);
      addend.z().write(table, at + i * ENTRY + 10);
      addend.t().write(table, at + i * ENTRY + 15);
      sum.add(p);
    }
    return sum.addend();
  }
}
