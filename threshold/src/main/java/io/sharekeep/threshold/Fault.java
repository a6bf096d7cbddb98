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
  /** Own commitment is absent from the list that was to be signed. */
  COMMITMENT_MISSING,
  /** A sum came out as the identity: chance 2^-252, or collusion; not attributable. */
  DEGENERATE,
  /** The parties do not hold the same view of the previous round; not attributable by itself. */
  VIEW_MISMATCH
}
