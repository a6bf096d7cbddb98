package io.sharekeep.intent;

import java.util.List;
import java.util.Optional;

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
    return decode(purpose, payload, account, Terms.NONE);
  }

  /** The same beyond the narrow default. */
  public static Decoding decode(Purpose purpose, byte[] payload, Account account, Terms terms) {
    return decode(purpose, payload, View.of(account, terms));
  }

  /**
   * Reads a payload for somebody who only looks and has no key in mind: all that can be the
   * signer's is taken for it. Nothing may be signed on this reading.
   *
   * @param chain the network, where the payload does not name it; mainnet if empty
   */
  public static Decoding inspect(
      Purpose purpose, byte[] payload, Optional<ChainId> chain, Terms terms) {
    return decode(purpose, payload, new View(chain, Optional.empty(), terms));
  }

  private static Decoding decode(Purpose purpose, byte[] payload, View view) {
    try {
      if (payload.length > MAX_PAYLOAD) {
        throw new Refusal(RefusalCode.TOO_LARGE, MAX_PAYLOAD, "a payload has at most 128 KiB");
      }
      return new Decoding.Decoded(
          switch (purpose) {
            case SOL_TX -> SolanaDecoder.decode(payload, view);
            case BTC_TX -> BitcoinDecoder.decode(payload, view);
            case EVM_TX -> EvmDecoder.decode(payload, view);
          });
    } catch (Refusal refusal) {
      return new Decoding.Refused(refusal.code(), refusal.offset(), refusal.detail());
    }
  }

  /** As {@link #assemble(Purpose, byte[], Account, Terms, List)}, by the narrow default. */
  public static SignedTransaction assemble(
      Purpose purpose, byte[] payload, Account account, List<byte[]> signatures) {
    return assemble(purpose, payload, account, Terms.NONE, signatures);
  }

  /**
   * Puts signatures into a payload that {@link #decode} has accepted.
   *
   * @param signatures 64 bytes each, in the order of the intent's inputs, already verified
   * @throws IllegalArgumentException if the payload is not one that decodes, there are more or
   *     fewer signatures than inputs, or one cannot be our key's: a caller's bug, since it holds
   *     what was decoded
   */
  public static SignedTransaction assemble(
      Purpose purpose, byte[] payload, Account account, Terms terms, List<byte[]> signatures) {
    if (!(decode(purpose, payload, account, terms) instanceof Decoding.Decoded(var intent))) {
      throw new IllegalArgumentException("assembling what does not decode");
    }
    if (signatures.size() != intent.inputs().size()
        || signatures.stream().anyMatch(signature -> signature.length != 64)) {
      throw new IllegalArgumentException("a 64-byte signature for each input is needed");
    }
    return switch (purpose) {
      case SOL_TX -> SolanaDecoder.assemble(payload, signatures);
      case BTC_TX -> BitcoinDecoder.assemble(payload, View.of(account, terms), signatures);
      case EVM_TX -> EvmDecoder.assemble(payload, account, terms, signatures);
    };
  }
}
