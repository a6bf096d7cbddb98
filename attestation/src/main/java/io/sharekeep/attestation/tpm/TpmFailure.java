package io.sharekeep.attestation.tpm;

/** A TPM that does not answer, or answers with an error. */
public final class TpmFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final int code;

  TpmFailure(String message, int code) {
    super(message);
    this.code = code;
  }

  TpmFailure(String message, Throwable cause) {
    super(message, cause);
    this.code = 0;
  }

  /** The TPM's response code; 0 if it gave none. */
  public int code() {
    return code;
  }
}
