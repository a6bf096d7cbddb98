package io.sharekeep.pkcs11.terms;

import java.math.BigInteger;

/** ECDSA signatures between r‖s and the DER of RFC 3279 section 2.2.3. Public data. */
public final class EcdsaDer {
  private EcdsaDer() {}

  /** Minimal positive INTEGERs, as verifiers insist. Signatures of up to 2 · 48 bytes. */
  public static byte[] encode(byte[] p1363) {
    if (p1363.length == 0 || p1363.length % 2 != 0 || p1363.length > 96) {
      throw new IllegalArgumentException(p1363.length + " bytes are not r and s");
    }
    int half = p1363.length / 2;
    var r = integer(p1363, 0, half);
    var s = integer(p1363, half, half);
    var out = new byte[2 + r.length + s.length];
    out[0] = 0x30;
    out[1] = (byte) (r.length + s.length); // at most 2 · 51 < 128: always the short form
    System.arraycopy(r, 0, out, 2, r.length);
    System.arraycopy(s, 0, out, 2 + r.length, s.length);
    return out;
  }

  private static byte[] integer(byte[] bytes, int from, int length) {
    int first = from;
    while (first < from + length - 1 && bytes[first] == 0) {
      first++;
    }
    int sign = bytes[first] < 0 ? 1 : 0;
    int size = from + length - first;
    var out = new byte[2 + sign + size];
    out[0] = 0x02;
    out[1] = (byte) (sign + size);
    System.arraycopy(bytes, first, out, 2 + sign, size);
    return out;
  }

  /**
   * Reads a SEQUENCE of two INTEGERs, both in range, and nothing after it.
   *
   * @param size bytes of r and of s in the answer
   * @throws IllegalArgumentException if it is anything else
   */
  public static byte[] decode(byte[] der, int size) {
    var out = new byte[2 * size];
    int at = der.length > 2 && der[0] == 0x30 && der[1] == der.length - 2 ? 2 : der.length;
    for (int i = 0; i < 2; i++) {
      if (at + 2 > der.length || der[at] != 0x02 || der[at + 1] < 1) {
        throw new IllegalArgumentException("not a DER signature");
      }
      int length = der[at + 1];
      if (at + 2 + length > der.length) {
        throw new IllegalArgumentException("a DER signature cut short");
      }
      var number = new BigInteger(der, at + 2, length);
      int bytes = (number.bitLength() + 7) / 8;
      if (number.signum() <= 0 || bytes > size) {
        throw new IllegalArgumentException("a signature out of range");
      }
      var big = number.toByteArray();
      System.arraycopy(big, big.length - bytes, out, (i + 1) * size - bytes, bytes);
      at += 2 + length;
    }
    if (at != der.length) {
      throw new IllegalArgumentException("more than a signature");
    }
    return out;
  }
}
