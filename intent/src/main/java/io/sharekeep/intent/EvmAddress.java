package io.sharekeep.intent;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Ethereum addresses in the mixed case of EIP-55. */
final class EvmAddress {
  static final int LENGTH = 20;

  private EvmAddress() {}

  /**
   * @param address 20 bytes
   */
  static String of(Bytes address) {
    var digits = address.hex();
    var hash = Keccak.hash256(digits.getBytes(US_ASCII));
    var text = new StringBuilder("0x");
    for (int i = 0; i < digits.length(); i++) {
      int nibble = (hash[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xf;
      char digit = digits.charAt(i);
      text.append(nibble >= 8 ? Character.toUpperCase(digit) : digit);
    }
    return text.toString();
  }

  /** The last 20 bytes of the hash of both coordinates. */
  static Bytes ofKey(Bytes compressed) {
    var point = Secp256k1.Point.decode(compressed).orElseThrow();
    return Bytes.of(Keccak.hash256(point.coordinates()), 12, 32);
  }

  static boolean isZero(Bytes address) {
    return address.equals(Bytes.of(new byte[LENGTH]));
  }
}
