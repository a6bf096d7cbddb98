package io.sharekeep.intent;

/** Segregated-witness addresses: bech32 for version 0 (BIP-173), bech32m after (BIP-350). */
final class Bech32 {
  private static final String ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };
  private static final int BECH32 = 1;
  private static final int BECH32M = 0x2bc830a3;
  private static final int CHECKSUM = 6;

  private Bech32() {}

  static String witnessAddress(String prefix, int version, byte[] program) {
    var groups = new byte[1 + (program.length * 8 + 4) / 5];
    groups[0] = (byte) version;
    int next = 1;
    int bits = 0;
    int held = 0;
    for (byte b : program) {
      held = ((held << 8) | (b & 0xff)) & 0xfff;
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        groups[next++] = (byte) ((held >> bits) & 31);
      }
    }
    if (bits > 0) {
      groups[next] = (byte) ((held << (5 - bits)) & 31);
    }
    return encode(prefix, groups, version == 0 ? BECH32 : BECH32M);
  }

  private static String encode(String prefix, byte[] groups, int constant) {
    int state = 1;
    for (int i = 0; i < prefix.length(); i++) {
      state = step(state, prefix.charAt(i) >> 5);
    }
    state = step(state, 0);
    for (int i = 0; i < prefix.length(); i++) {
      state = step(state, prefix.charAt(i) & 31);
    }
    var text = new StringBuilder(prefix).append('1');
    for (byte group : groups) {
      state = step(state, group);
      text.append(ALPHABET.charAt(group));
    }
    for (int i = 0; i < CHECKSUM; i++) {
      state = step(state, 0);
    }
    state ^= constant;
    for (int i = 0; i < CHECKSUM; i++) {
      text.append(ALPHABET.charAt((state >> (5 * (CHECKSUM - 1 - i))) & 31));
    }
    return text.toString();
  }

  /** One symbol into BIP-173's BCH checksum. */
  private static int step(int state, int symbol) {
    int top = state >>> 25;
    int next = ((state & 0x1ffffff) << 5) ^ symbol;
    for (int i = 0; i < GENERATOR.length; i++) {
      if (((top >> i) & 1) == 1) {
        next ^= GENERATOR[i];
      }
    }
    return next;
  }
}
