package io.sharekeep.enclave;

import java.io.Serial;

/** The appliance cannot start; the message says what is wrong and what to do. */
public final class StartupException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Code code;

  public StartupException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** A cause is for the log, never for the message. */
  public StartupException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }

  /** Stable names for what can be wrong. */
  public enum Code {
    UNPROVISIONED,
    ALREADY_PROVISIONED,
    DOCUMENTS_MISSING,
    DOCUMENT_REFUSED,
    STATE_DIRECTORY,
    STATE_IN_USE,
    LIBRARY_MISSING,
    LIBRARY_REFUSED,
    TOKEN_ABSENT,
    TOKEN_FAULT,
    PIN_FILE,
    PIN_WRONG,
    PIN_LOCKED,
    SECRET_MEMORY,
    NATIVE_LIBRARY,
    CONFIGURATION
  }
}
