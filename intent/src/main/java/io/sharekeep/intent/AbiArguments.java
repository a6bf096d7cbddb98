package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.DIRTY_PADDING;
import static io.sharekeep.intent.RefusalCode.OUT_OF_RANGE;
import static io.sharekeep.intent.RefusalCode.TRAILING_BYTES;
import static io.sharekeep.intent.RefusalCode.TRUNCATED;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Call data of static arguments: a selector and words of 32 bytes, each with clean padding. A
 * contract may ignore dirty padding or revert on it; we do not guess which.
 */
final class AbiArguments {
  static final int SELECTOR = 4;
  private static final int WORD = 32;

  private final byte[] data;
  private final int offset;
  private int next = SELECTOR;

  /**
   * @param offset of the data in the payload
   * @param words that the operation takes
   */
  AbiArguments(byte[] data, int offset, int words) {
    int length = SELECTOR + WORD * words;
    if (data.length < length) {
      throw new Refusal(TRUNCATED, offset + data.length, "the call's arguments are cut off");
    }
    if (data.length > length) {
      throw new Refusal(TRAILING_BYTES, offset + length, "bytes after the call's arguments");
    }
    this.data = data;
    this.offset = offset;
  }

  Bytes address() {
    var word = word();
    clean(word, WORD - EvmAddress.LENGTH, "an address");
    return Bytes.of(word, WORD - EvmAddress.LENGTH, WORD);
  }

  BigInteger uint(int bits) {
    var word = word();
    clean(word, WORD - bits / 8, "a number of " + bits + " bits");
    return new BigInteger(1, word);
  }

  boolean bool() {
    var word = word();
    clean(word, WORD - 1, "a truth value");
    if (word[WORD - 1] != 0 && word[WORD - 1] != 1) {
      throw new Refusal(OUT_OF_RANGE, offset + next - WORD, "a truth value that is not 0 or 1");
    }
    return word[WORD - 1] == 1;
  }

  void skip() {
    next += WORD;
  }

  private byte[] word() {
    next += WORD;
    return Arrays.copyOfRange(data, next - WORD, next);
  }

  private void clean(byte[] word, int padding, String what) {
    for (int i = 0; i < padding; i++) {
      if (word[i] != 0) {
        throw new Refusal(
            DIRTY_PADDING, offset + next - WORD + i, "the padding of " + what + " is not zero");
      }
    }
  }
}
