package io.sharekeep.intent;

import java.util.List;

/**
 * What a transaction does, and the exact bytes its signer must sign. Immutable, canonical, free of
 * secrets.
 *
 * @param kind the worst kind of all parts of the transaction
 * @param transfers change excluded
 * @param fee the most that can be paid
 * @param inputs one per signature of ours; all are signed or none
 */
public record Intent(
    ChainId chain,
    Kind kind,
    List<Transfer> transfers,
    List<Grant> grants,
    List<Call> calls,
    Fee fee,
    Validity validity,
    List<SigningInput> inputs,
    List<Warning> warnings) {
  public Intent {
    transfers = List.copyOf(transfers);
    grants = List.copyOf(grants);
    calls = List.copyOf(calls);
    inputs = List.copyOf(inputs);
    warnings = List.copyOf(warnings);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("nothing to sign");
    }
  }

  /**
   * RFC 8785 canonical JSON in UTF-8, amounts as decimal strings. It names the bytes to sign by
   * their SHA-256, so two transactions that differ in anything signed never share an intent.
   */
  public byte[] canonicalJson() {
    return IntentJson.of(this);
  }

  /** SHA-256 of {@code sharekeep/intent/v1\n} and {@link #canonicalJson}: what approvers sign. */
  public Bytes intentHash() {
    return Bytes.of(Hash.sha256(IntentJson.DOMAIN, canonicalJson()));
  }
}
