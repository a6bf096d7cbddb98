package io.sharekeep.attestation.verify;

/** Something that the user named cannot be used; the message says what and what to do. */
final class Unusable extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  Unusable(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
