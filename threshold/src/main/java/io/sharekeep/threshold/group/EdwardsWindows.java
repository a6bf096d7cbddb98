package io.sharekeep.threshold.group;

/**
 * All d·64^i·P for d = 1..32 and i = 0..42, for a public point P that is multiplied often: a
 * multiple is then at most 43 additions, and no doubling. 165 KB, and made in the time of fifteen
 * multiplications.
 */
final class EdwardsWindows {
  private static final int WIDTH = 6;

  /** 43 windows of 6 bits hold every scalar below 2^255, and a carry. */
  private static final int WINDOWS = 43;

  private static final int MULTIPLES = 1 << (WIDTH - 1);

  /** Longs of an entry: y+x, y-x and 2dxy, five limbs each. */
  private static final int ENTRY = 15;

  /** Of the base point of RFC 8032 section 5.1. */
  static final EdwardsWindows BASE = new EdwardsWindows(EdwardsTables.BASE);

  private final long[] table = new long[WINDOWS * MULTIPLES * ENTRY];

  EdwardsWindows(EdwardsPoint point) {
    var sum = new EdwardsSum().set(point);
    var multiples = new EdwardsSum[MULTIPLES];
    for (int window = 0; window < WINDOWS; window++) {
      var first = sum.addend();
      for (int i = 0; i < MULTIPLES; i++) {
        multiples[i] = new EdwardsSum().set(sum);
        sum.add(first);
      }
      write(EdwardsSum.affine(multiples), window * MULTIPLES * ENTRY);
      sum.set(multiples[MULTIPLES - 1]).twice(true);
    }
  }

  private void write(EdwardsPoint[] points, int from) {
    var field = new FieldElement25519();
    int at = from;
    for (var point : points) {
      field.add(point.y(), point.x()).write(table, at);
      field.subtract(point.y(), point.x()).write(table, at + 5);
      field.multiply(point.x(), point.y()).multiply(field, EdwardsPoint.TWICE_D);
      field.write(table, at + 10);
      at += ENTRY;
    }
  }

  /** Adds k·P for a scalar below 2^255, in four limbs of 64 bits, least significant first. */
  void addTo(EdwardsSum sum, long[] scalar) {
    int carry = 0;
    for (int window = 0; window < WINDOWS; window++) {
      int digit = SignedDigits.bits(scalar, window * WIDTH, WIDTH) + carry;
      carry = (digit + MULTIPLES - 1) >> WIDTH; // -31..32
      digit -= carry << WIDTH;
      if (digit != 0) {
        sum.add(table, (window * MULTIPLES + Math.abs(digit) - 1) * ENTRY, digit < 0);
      }
    }
  }
}
