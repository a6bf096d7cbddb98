package io.sharekeep.pkcs11.sun;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Return values of PKCS#11, which the provider puts into its messages by name. */
final class Codes {
  private static final Pattern NAME = Pattern.compile("CKR_[A-Z0-9_]+");

  /** After these the provider's sessions are dead and another instance is needed. */
  private static final Set<String> LOST =
      Set.of(
          "CKR_SLOT_ID_INVALID",
          "CKR_DEVICE_ERROR",
          "CKR_DEVICE_MEMORY",
          "CKR_DEVICE_REMOVED",
          "CKR_KEY_HANDLE_INVALID",
          "CKR_OBJECT_HANDLE_INVALID",
          "CKR_SESSION_CLOSED",
          "CKR_SESSION_HANDLE_INVALID",
          "CKR_TOKEN_NOT_PRESENT",
          "CKR_TOKEN_NOT_RECOGNIZED",
          "CKR_USER_NOT_LOGGED_IN");

  /** What tokens answer to a ciphertext, tag or AAD that does not verify. */
  private static final Set<String> REJECTED =
      Set.of(
          "CKR_GENERAL_ERROR",
          "CKR_ENCRYPTED_DATA_INVALID",
          "CKR_ENCRYPTED_DATA_LEN_RANGE",
          "CKR_AEAD_DECRYPT_FAILED");

  private Codes() {}

  /** The code that lies at the bottom of a failure. */
  static Optional<String> of(Throwable failure) {
    Optional<String> code = Optional.empty();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      var matcher = NAME.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        code = Optional.of(matcher.group());
      }
    }
    return code;
  }

  static boolean lost(String code) {
    return LOST.contains(code);
  }

  static boolean rejected(Throwable failure) {
    return of(failure).filter(REJECTED::contains).isPresent();
  }
}
