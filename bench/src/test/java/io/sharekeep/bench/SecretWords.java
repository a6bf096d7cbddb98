package io.sharekeep.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Every eight bytes of secrets, forwards and backwards, looked for at any address: one pass over
 * the bytes, in which each window is held against a table of what its lowest bits may be.
 */
final class SecretWords {
  private static final int WORD = 8;
  private static final int PREFIX = (1 << 20) - 1;

  /** Fewer distinct bytes than this are a small number, padding or chance. */
  private static final int DISTINCT = 6;

  private final long[] words;
  private final long[] prefixes = new long[(PREFIX + 1) / Long.SIZE];

  /** Is told of a word at an index. */
  @FunctionalInterface
  interface Found {
    void at(int index, long word);
  }

  private SecretWords(long[] words) {
    this.words = words;
    for (long word : words) {
      prefixes[((int) word & PREFIX) >>> 6] |= 1L << word;
    }
  }

  /**
   * The words of secrets, but for those that are known to be none.
   *
   * @param secrets what lay in slabs, aligned to eight bytes
   * @param others what lay in the slabs of other keys, which has the same constants
   * @param sent what was told to others
   */
  static SecretWords of(byte[] secrets, byte[] others, byte[] sent) {
    var all = new SecretWords(words(secrets));
    var constants = words(others);
    var told = all.met(sent);
    return new SecretWords(
        Arrays.stream(all.words)
            .filter(word ->
                !isAmong(constants, word)
                    && !isAmong(told, word)
                    && !isAmong(told, Long.reverseBytes(word)))
            .toArray());
  }

  /** Ascending. */
  private static long[] words(byte[] bytes) {
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    var words = new long[2 * (bytes.length / WORD)];
    int n = 0;
    while (buffer.remaining() >= WORD) {
      long word = buffer.getLong();
      if (distinct(word) >= DISTINCT) {
        words[n++] = word;
        words[n++] = Long.reverseBytes(word);
      }
    }
    return Arrays.stream(words, 0, n).sorted().distinct().toArray();
  }

  private static int distinct(long word) {
    long[] seen = new long[256 / Long.SIZE];
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      int value = (int) (word >>> shift) & 0xff;
      seen[value >>> 6] |= 1L << value;
    }
    return Arrays.stream(seen).mapToInt(Long::bitCount).sum();
  }

  /** Ascending. */
  private long[] met(byte[] bytes) {
    var met = new long[bytes.length];
    var n = new int[1];
    search(bytes, bytes.length, (_, word) -> met[n[0]++] = word);
    return Arrays.stream(met, 0, n[0]).sorted().distinct().toArray();
  }

  boolean has(long word) {
    return isAmong(words, word);
  }

  private static boolean isAmong(long[] ascending, long word) {
    return Arrays.binarySearch(ascending, word) >= 0;
  }

  int size() {
    return words.length;
  }

  /** Calls {@code found} with each word that is met. */
  void search(byte[] bytes, int length, Found found) {
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int i = 0;
    while (i + WORD <= length) {
      long window = buffer.getLong(i);
      if (window == 0 && i + 2 * WORD <= length && buffer.getLong(i + WORD) == 0) {
        i += WORD + 1; // no word begins with a zero and goes on with seven
        continue;
      }
      if ((prefixes[((int) window & PREFIX) >>> 6] >>> window & 1) != 0 && has(window)) {
        found.at(i, window);
      }
      i++;
    }
  }
}
