package io.sharekeep.intent;

import java.math.BigInteger;
import java.util.Optional;

/** Base58 in Bitcoin's alphabet, which Solana shares. */
final class Base58 {
  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final BigInteger RADIX = BigInteger.valueOf(58);

  private Base58() {}

  static String encode(byte[] bytes) {
    var reversed = new StringBuilder();
    for (var rest = new BigInteger(1, bytes); rest.signum() > 0; ) {
      var parts = rest.divideAndRemainder(RADIX);
      reversed.append(ALPHABET.charAt(parts[1].intValue()));
      rest = parts[0];
    }
    for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
      reversed.append(ALPHABET.charAt(0));
    }
    return reversed.reverse().toString();
  }

  /** Empty if a character is not of the alphabet. */
  static Optional<byte[]> decode(String text) {
    var number = BigInteger.ZERO;
    for (int i = 0; i < text.length(); i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        return Optional.empty();
      }
      number = number.multiply(RADIX).add(BigInteger.valueOf(digit));
    }
    int zeros = 0;
    while (zeros < text.length() && text.charAt(zeros) == ALPHABET.charAt(0)) {
      zeros++;
    }
    var magnitude = number.signum() == 0 ? new byte[0] : number.toByteArray();
    int from = magnitude.length > 0 && magnitude[0] == 0 ? 1 : 0;
    var bytes = new byte[zeros + magnitude.length - from];
    System.arraycopy(magnitude, from, bytes, zeros, magnitude.length - from);
    return Optional.of(bytes);
  }

  /** With a version byte before and four bytes of double SHA-256 behind. */
  static String encodeChecked(int version, byte[] payload) {
    var whole = new byte[1 + payload.length + 4];
    whole[0] = (byte) version;
    System.arraycopy(payload, 0, whole, 1, payload.length);
    var body = new byte[1 + payload.length];
    System.arraycopy(whole, 0, body, 0, body.length);
    System.arraycopy(Hash.doubleSha256(body), 0, whole, body.length, 4);
    return encode(whole);
  }
}
