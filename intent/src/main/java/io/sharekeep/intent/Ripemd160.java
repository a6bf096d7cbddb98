package io.sharekeep.intent;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** RIPEMD-160 (Dobbertin, Bosselaers, Preneel, 1996), which the JDK does not have. */
final class Ripemd160 {
  private static final int BLOCK = 64;
  private static final int STEPS = 80;

  // One hex digit a step: which word is taken and by how much is rotated, on either line.
  private static final String LEFT_WORDS =
      "0123456789abcdef"
          + "74d1a6f3c0952eb8"
          + "3ae49f812706db5c"
          + "19ba08c4d37fe562"
          + "40597c2ae138b6fd";
  private static final String RIGHT_WORDS =
      "5e7092b4d6f81a3c"
          + "6b370d5aef8c4912"
          + "f5137e69b8c2a04d"
          + "86413bf05c2d97ae"
          + "cfa4158762de039b";
  private static final String LEFT_SHIFTS =
      "befc5879bdef6798"
          + "768db97f7cf9b7dc"
          + "bd67e9dfe8d65c75"
          + "bcefef989e56865c"
          + "9f5b68dc5cdeb856";
  private static final String RIGHT_SHIFTS =
      "899bdff5778beec6"
          + "9df7c89b77c76fdb"
          + "97fb866ecd5edd75"
          + "f58bee6e69c9c5f8"
          + "85c9c5e68d65fdbb";

  private static final int[] LEFT_CONSTANTS = {0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e};
  private static final int[] RIGHT_CONSTANTS = {0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0};

  private Ripemd160() {}

  /** 20 bytes. */
  static byte[] hash(byte[] message) {
    int length = (message.length + 9 + BLOCK - 1) / BLOCK * BLOCK;
    var padded = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    padded.put(message).put((byte) 0x80).putLong(length - 8, 8L * message.length);
    var state = new int[] {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    var words = new int[16];
    for (int at = 0; at < length; at += BLOCK) {
      for (int i = 0; i < words.length; i++) {
        words[i] = padded.getInt(at + 4 * i);
      }
      compress(state, words);
    }
    var digest = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : state) {
      digest.putInt(word);
    }
    return digest.array();
  }

  private static void compress(int[] state, int[] words) {
    var left = state.clone();
    var right = state.clone();
    for (int step = 0; step < STEPS; step++) {
      int round = step / 16;
      turn(
          left,
          round,
          words[digit(LEFT_WORDS, step)] + LEFT_CONSTANTS[round],
          digit(LEFT_SHIFTS, step));
      turn(
          right,
          4 - round,
          words[digit(RIGHT_WORDS, step)] + RIGHT_CONSTANTS[round],
          digit(RIGHT_SHIFTS, step));
    }
    int first = state[1] + left[2] + right[3];
    state[1] = state[2] + left[3] + right[4];
    state[2] = state[3] + left[4] + right[0];
    state[3] = state[4] + left[0] + right[1];
    state[4] = state[0] + left[1] + right[2];
    state[0] = first;
  }

  private static void turn(int[] s, int function, int addend, int shift) {
    int mixed =
        switch (function) {
          case 0 -> s[1] ^ s[2] ^ s[3];
          case 1 -> (s[1] & s[2]) | (~s[1] & s[3]);
          case 2 -> (s[1] | ~s[2]) ^ s[3];
          case 3 -> (s[1] & s[3]) | (s[2] & ~s[3]);
          default -> s[1] ^ (s[2] | ~s[3]);
        };
    int next = Integer.rotateLeft(s[0] + mixed + addend, shift) + s[4];
    s[0] = s[4];
    s[4] = s[3];
    s[3] = Integer.rotateLeft(s[2], 10);
    s[2] = s[1];
    s[1] = next;
  }

  private static int digit(String digits, int at) {
    return Character.digit(digits.charAt(at), 16);
  }
}
