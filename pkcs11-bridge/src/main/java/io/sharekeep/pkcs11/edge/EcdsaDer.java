package io.sharekeep.pkcs11.edge;

/** ECDSA signatures from r‖s to the DER of RFC 3279 section 2.2.3. */
final class EcdsaDer {
  private EcdsaDer() {}

  /** Minimal positive INTEGERs, as verifiers insist. Signatures of up to 2 · 48 bytes. */
  static byte[] encode(byte[] p1363) {
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
}
