package io.sharekeep.enclave;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * The first 66 bits of a hash as six English words, for people who compare two screens (policy and
 * intents, section 5). They help to see that both show the same; what is signed is the whole hash.
 *
 * <p>The words, and how bits name them, are those of BIP-39 (English list, {@code
 * bip-0039/english.txt} of {@code bitcoin/bips}): each differs from every other in its first four
 * letters.
 */
public final class DigestWords {
  private static final int COUNT = 6;
  private static final int BITS = 11;
  private static final List<String> LIST = read();

  private DigestWords() {}

  /**
   * @param hash hex SHA-256
   * @throws IllegalArgumentException if it is not
   */
  public static List<String> of(String hash) {
    byte[] bytes = HexFormat.of().parseHex(hash);
    if (bytes.length != 32) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes");
    }
    var left = new BigInteger(1, bytes).shiftRight(8 * bytes.length - COUNT * BITS);
    var words = new ArrayList<String>();
    for (int i = 0; i < COUNT; i++) {
      words.add(LIST.get(left.intValue() & ((1 << BITS) - 1)));
      left = left.shiftRight(BITS);
    }
    Collections.reverse(words);
    return List.copyOf(words);
  }

  private static List<String> read() {
    try (var in = DigestWords.class.getResourceAsStream("words.txt")) {
      if (in == null) {
        throw new IllegalStateException("the package lacks its word list");
      }
      var words = new String(in.readAllBytes(), US_ASCII).lines().toList();
      if (words.size() != 1 << BITS) {
        throw new IllegalStateException("the package carries another word list");
      }
      return words;
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the word list", e);
    }
  }
}
