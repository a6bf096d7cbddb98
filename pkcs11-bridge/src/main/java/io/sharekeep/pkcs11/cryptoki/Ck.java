package io.sharekeep.pkcs11.cryptoki;

/** The numbers of PKCS#11 2.40 (pkcs11t.h) that are in use here. */
final class Ck {
  static final long CKF_SERIAL_SESSION = 4;
  static final long CKF_RW_SESSION = 2;
  static final long CKF_OS_LOCKING_OK = 2;
  static final long CKF_TOKEN_INITIALIZED = 0x400;
  static final long CKU_CONTEXT_SPECIFIC = 2;
  static final long CKS_RO_USER = 1;
  static final long CKS_RW_USER = 3;

  static final long CKO_CERTIFICATE = 1;
  static final long CKO_PUBLIC_KEY = 2;
  static final long CKO_PRIVATE_KEY = 3;
  static final long CKO_SECRET_KEY = 4;
  static final long CKC_X_509 = 0;
  static final long CKK_RSA = 0;
  static final long CKK_EC = 3;
  static final long CKK_GENERIC_SECRET = 0x10;
  static final long CKK_AES = 0x1f;

  static final long CKM_RSA_PKCS_KEY_PAIR_GEN = 0x00;
  static final long CKM_RSA_PKCS_OAEP = 0x09;
  static final long CKM_SHA_1 = 0x220;
  static final long CKM_SHA256_HMAC = 0x251;
  static final long CKM_GENERIC_SECRET_KEY_GEN = 0x350;
  static final long CKM_EC_KEY_PAIR_GEN = 0x1040;
  static final long CKM_ECDSA = 0x1041;
  static final long CKM_AES_KEY_GEN = 0x1080;
  static final long CKM_AES_CBC = 0x1082;
  static final long CKM_AES_GCM = 0x1087;
  static final long CKG_MGF1_SHA1 = 1;
  static final long CKZ_DATA_SPECIFIED = 1;

  static final long OK = 0;
  static final long SLOT_ID_INVALID = 0x03;
  static final long GENERAL_ERROR = 0x05;
  static final long ARGUMENTS_BAD = 0x07;
  static final long ATTRIBUTE_SENSITIVE = 0x11;
  static final long ATTRIBUTE_TYPE_INVALID = 0x12;
  static final long DEVICE_ERROR = 0x30;
  static final long DEVICE_MEMORY = 0x31;
  static final long DEVICE_REMOVED = 0x32;
  static final long ENCRYPTED_DATA_INVALID = 0x40;
  static final long ENCRYPTED_DATA_LEN_RANGE = 0x41;
  static final long AEAD_DECRYPT_FAILED = 0x42;
  static final long KEY_HANDLE_INVALID = 0x60;
  static final long MECHANISM_INVALID = 0x70;
  static final long MECHANISM_PARAM_INVALID = 0x71;
  static final long OBJECT_HANDLE_INVALID = 0x82;
  static final long PIN_INCORRECT = 0xa0;
  static final long PIN_LEN_RANGE = 0xa2;
  static final long PIN_LOCKED = 0xa4;
  static final long SESSION_CLOSED = 0xb0;
  static final long SESSION_COUNT = 0xb1;
  static final long SESSION_HANDLE_INVALID = 0xb3;
  static final long SESSION_READ_ONLY = 0xb5;
  static final long TOKEN_NOT_PRESENT = 0xe0;
  static final long TOKEN_NOT_RECOGNIZED = 0xe1;
  static final long TOKEN_WRITE_PROTECTED = 0xe2;
  static final long USER_ALREADY_LOGGED_IN = 0x100;
  static final long USER_NOT_LOGGED_IN = 0x101;
  static final long BUFFER_TOO_SMALL = 0x150;
  static final long CRYPTOKI_NOT_INITIALIZED = 0x190;
  static final long CRYPTOKI_ALREADY_INITIALIZED = 0x191;

  private Ck() {}

  /** Codes after which session or login is gone and a repair may bring them back. */
  static boolean lost(long rv) {
    return rv == SLOT_ID_INVALID
        || rv == DEVICE_ERROR
        || rv == DEVICE_MEMORY
        || rv == DEVICE_REMOVED
        || rv == SESSION_CLOSED
        || rv == SESSION_HANDLE_INVALID
        || rv == TOKEN_NOT_PRESENT
        || rv == TOKEN_NOT_RECOGNIZED
        || rv == USER_NOT_LOGGED_IN
        || rv == CRYPTOKI_NOT_INITIALIZED;
  }

  /** Codes that mean an object has another handle now, or is gone. */
  static boolean stale(long rv) {
    return rv == KEY_HANDLE_INVALID || rv == OBJECT_HANDLE_INVALID;
  }

  /** What tokens answer to a ciphertext, tag or AAD that does not verify. */
  static boolean rejected(long rv) {
    return rv == GENERAL_ERROR // SoftHSM
        || rv == ENCRYPTED_DATA_INVALID // NSS
        || rv == ENCRYPTED_DATA_LEN_RANGE
        || rv == AEAD_DECRYPT_FAILED;
  }

  /** Codes for a token that takes no new objects: full, or write-protected. */
  static boolean notWritable(long rv) {
    return rv == DEVICE_MEMORY || rv == TOKEN_WRITE_PROTECTED || rv == SESSION_READ_ONLY;
  }
}
