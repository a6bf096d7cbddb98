package io.sharekeep.threshold;

/** Why a protocol aborted, sorted by what can be proved to a third party. */
public enum Fault {
  /** A message does not decode, or has the wrong length or field count. */
  BAD_ENCODING,
  /** An expected sender is missing, unknown, or speaks for a point that is not its own. */
  BAD_PARTICIPANTS,
  /** Two different signed messages of one sender in one round. */
  EQUIVOCATION,
  /** An opening does not match its commitment. */
  BAD_COMMITMENT,
  /** A proof of possession does not verify. */
  BAD_PROOF,
  /** A sealed share is not on its dealer's polynomial. */
  BAD_SHARE,
  /** A polynomial has not exactly the agreed number of coefficients. */
  BAD_DEGREE,
  /** A certificate of key generation does not verify, or certifies something else. */
  BAD_CERTIFICATE,
  /** A FROST signature share does not verify (RFC 9591 section 5.4). */
  BAD_SIGNATURE_SHARE,
  /** E-OTX: a peer's OT extension is inconsistent. Every answer to it leaks a bit of the pair. */
  BAD_EXTENSION,
  /** E-VOLE: a peer multiplied with more than one scalar. The accuser's word only. */
  BAD_PRODUCT,
  /** E-GAMMA: a peer multiplied with another scalar than it committed to. The accuser's word. */
  BAD_CONSISTENCY,
  /** E-SUM: the key shares of the signers are not those of the key; not attributable. */
  BAD_KEY_SUM,
  /** E-SIG: the finished signature does not verify; not attributable. */
  BAD_SIGNATURE,
  /** Own commitment is absent from the list that was to be signed. */
  COMMITMENT_MISSING,
  /** A sum came out as the identity: chance 2^-252, or collusion; not attributable. */
  DEGENERATE,
  /** The parties do not hold the same view of the previous round; not attributable by itself. */
  VIEW_MISMATCH;

  /**
   * Whether the pair with each culprit is burnt: durably, before anything is answered, and until
   * operators approve that the pair makes new keys (protocols.md, section 4.7).
   */
  public boolean burnsPair() {
    return switch (this) {
      case BAD_EXTENSION, BAD_PRODUCT, BAD_CONSISTENCY -> true;
      case BAD_ENCODING,
          BAD_PARTICIPANTS,
          EQUIVOCATION,
          BAD_COMMITMENT,
          BAD_PROOF,
          BAD_SHARE,
          BAD_DEGREE,
          BAD_CERTIFICATE,
          BAD_SIGNATURE_SHARE,
          BAD_KEY_SUM,
          BAD_SIGNATURE,
          COMMITMENT_MISSING,
          DEGENERATE,
          VIEW_MISMATCH ->
          false;
    };
  }
}
