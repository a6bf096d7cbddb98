package io.sharekeep.intent;

/** What a decoder answers: never null, never an exception. */
public sealed interface Decoding {
  /** The payload is understood in full. */
  record Decoded(Intent intent) implements Decoding {}

  /**
   * The payload is not understood in full, or does what we do not sign.
   *
   * @param offset of the byte in the payload where reading stopped
   * @param detail for people; carries no bytes of the payload
   */
  record Refused(RefusalCode code, int offset, String detail) implements Decoding {}
}
