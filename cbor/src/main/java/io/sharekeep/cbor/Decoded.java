package io.sharekeep.cbor;

/** What decoding untrusted bytes gives. */
public sealed interface Decoded {
  /** The bytes were the one canonical encoding of {@code value}. */
  record Item(Cbor value) implements Decoded {}

  /**
   * The bytes are not a canonical document of the profile.
   *
   * @param reason what rule was broken; holds nothing of the input
   * @param offset of the item that broke it
   */
  record Malformed(String reason, int offset) implements Decoded {}
}
