package io.sharekeep.threshold.group;

import java.util.HexFormat;

/** Multiples of the base point of SEC 2 section 2.4.1, made when first used. */
final class WeierstrassTables {
  static final WeierstrassPoint BASE =
      WeierstrassPoint.decode(
              HexFormat.of()
                  .parseHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"))
          .orElseThrow();

  /** Digits of this width go with {@link #ODD_MULTIPLES}. */
  static final int WIDTH = 8;

  /** G, 3G, .. 127G. */
  static final WeierstrassPoint[] ODD_MULTIPLES = BASE.oddMultiples(1 << (WIDTH - 2));

  /** Longs of a projective point in a table from which a secret digit selects. */
  static final int ENTRY = 15;

  /** 64 tables of 16: d·16^i·G for i = 0..63, d = 0..15. */
  static final long[] WINDOWS = windows();

  private WeierstrassTables() {}

  private static long[] windows() {
    long[] all = new long[64 * 16 * ENTRY];
    var first = BASE;
    for (int i = 0; i < 64; i++) {
      first = window(first, all, i * 16 * ENTRY);
    }
    return all;
  }

  /** 0, P, .. 15P: sixteen points of fifteen limbs. The table is public. */
  static long[] window(WeierstrassPoint p) {
    long[] table = new long[16 * ENTRY];
    window(p, table, 0);
    return table;
  }

  /** Writes 0, P, .. 15P and returns 16P. */
  private static WeierstrassPoint window(WeierstrassPoint p, long[] table, int at) {
    var sums = new WeierstrassSum[16];
    sums[0] = new WeierstrassSum().set(p);
    for (int i = 1; i < 16; i++) {
      sums[i] = new WeierstrassSum().set(sums[i - 1]).add(p.x(), p.y());
    }
    var points = WeierstrassSum.affine(sums);
    table[at + 5] = 1; // (0 : 1 : 0)
    for (int i = 1; i < 16; i++) {
      points[i - 1].x().write(table, at + i * ENTRY);
      points[i - 1].y().write(table, at + i * ENTRY + 5);
      table[at + i * ENTRY + 10] = 1;
    }
    return points[15];
  }
}
