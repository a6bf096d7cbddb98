package io.sharekeep.threshold.group;

/** Width-w non-adjacent form: how a variable-time multiplication reads a public scalar. */
final class SignedDigits {
  /** One digit per bit, and one for a carry out of 256 bits. */
  static final int LENGTH = 257;

  private SignedDigits() {}

  /**
   * Digits d_i, each zero or odd with |d_i| &lt; 2^(width-1), with Σ d_i·2^i = the scalar; of any
   * {@code width} neighbours at most one is not zero.
   *
   * @param scalar four limbs of 64 bits, least significant first
   * @param width 2..8
   */
  static byte[] of(long[] scalar, int width) {
    byte[] digits = new byte[LENGTH];
    int end = length(scalar);
    int carry = 0;
    int bit = 0;
    while (bit < end || (carry > 0 && bit < 256)) {
      if (bits(scalar, bit, 1) == carry) {
        bit++;
        continue;
      }
      int digit = bits(scalar, bit, width) + carry;
      carry = digit >> (width - 1) & 1;
      digits[bit] = (byte) (digit - (carry << width));
      bit += width;
    }
    digits[256] = (byte) carry;
    return digits;
  }

  private static int length(long[] scalar) {
    int limb = 3;
    while (limb > 0 && scalar[limb] == 0) {
      limb--;
    }
    return 64 * (limb + 1) - Long.numberOfLeadingZeros(scalar[limb]);
  }

  /** The highest place at which any of the scalars has a digit, -1 if all are zero. */
  static int highest(byte[][] scalars) {
    for (int place = LENGTH - 1; place >= 0; place--) {
      for (byte[] digits : scalars) {
        if (digits[place] != 0) {
          return place;
        }
      }
    }
    return -1;
  }

  /** {@code count} bits from {@code from} on; zeros beyond bit 255. */
  static int bits(long[] scalar, int from, int count) {
    int limb = from >> 6;
    int shift = from & 63;
    long word = scalar[limb] >>> shift;
    if (shift + count > 64 && limb < 3) {
      word |= scalar[limb + 1] << (64 - shift);
    }
    return (int) (word & ((1L << count) - 1));
  }
}
