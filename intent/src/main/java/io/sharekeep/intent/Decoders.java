package io.sharekeep.intent;

import java.util.List;

/**
 * The one door to all decoders. Each is canonical (what it accepts re-encodes to the same bytes),
 * bounded before it allocates, and linear in the payload's length.
 */
public final class Decoders {
  /** No payload beyond this is looked at, in bytes. */
  public static final int MAX_PAYLOAD = 128 * 1024;

  /** Most inputs, outputs or instructions of one transaction. */
  public static final int MAX_PARTS = 256;

  private Decoders() {}

  /** As {@link #decode(Purpose, byte[], Account)}, for a purpose as a request spells it. */
  public static Decoding decode(String purpose, byte[] payload, Account account) {
    return Purpose.named(purpose)
        .map(known -> decode(known, payload, account))
        .orElseGet(() ->
            new Decoding.Refused(
                RefusalCode.PURPOSE_UNKNOWN, 0, "no decoder has the purpose's name"));
  }

  /** Reads a payload from the view of one account. Does not throw, whatever the payload is. */
  public static Decoding decode(Purpose purpose, byte[] payload, Account account) {
    try {
      if (payload.length > MAX_PAYLOAD) {
        throw new Refusal(RefusalCode.TOO_LARGE, MAX_PAYLOAD, "a payload has at most 128 KiB");
      }
      return new Decoding.Decoded(
          switch (purpose) {
            case SOL_TX -> SolanaDecoder.decode(payload, account);
            case BTC_TX -> BitcoinDecoder.decode(payload, account);
          });
    } catch (Refusal refusal) {
      return new Decoding.Refused(refusal.code(), refusal.offset(), refusal.detail());
    }
  }

  /**
   * Puts signatures into a payload that {@link #decode} has accepted.
   *
   * @param signatures 64 bytes each, in the order of the intent's inputs, already verified
   * @throws IllegalArgumentException if the payload is not one that decodes, or there are more or
   *     fewer signatures than inputs: a caller's bug, since it holds what was decoded
   */
  public static SignedTransaction assemble(
      Purpose purpose, byte[] payload, Account account, List<byte[]> signatures) {
    if (!(decode(purpose, payload, account) instanceof Decoding.Decoded(var intent))) {
      throw new IllegalArgumentException("assembling what does not decode");
    }
    if (signatures.size() != intent.inputs().size()
        || signatures.stream().anyMatch(signature -> signature.length != 64)) {
      throw new IllegalArgumentException("a 64-byte signature for each input is needed");
    }
    return switch (purpose) {
      case SOL_TX -> SolanaDecoder.assemble(payload, signatures);
      case BTC_TX -> BitcoinDecoder.assemble(payload, signatures);
    };
  }
}
