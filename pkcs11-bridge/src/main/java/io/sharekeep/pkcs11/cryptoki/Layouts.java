package io.sharekeep.pkcs11.cryptoki;

/** Sizes and offsets of the C structures on Linux LP64, in bytes. Nothing else is supported. */
final class Layouts {
  /** CK_FUNCTION_LIST: a version, then the functions. */
  static final long FUNCTIONS = 8;

  static final long FUNCTION_COUNT = 68;

  /** CK_INTERFACE. */
  static final long INTERFACE_LIST = 8;

  static final long INTERFACE_SIZE = 24;

  /** CK_C_INITIALIZE_ARGS. */
  static final long INIT_FLAGS = 32;

  static final long INIT_RESERVED = 40;
  static final long INIT_SIZE = 48;

  /** CK_INFO. */
  static final long INFO_VERSION = 0;

  static final long INFO_MANUFACTURER = 2;
  static final long INFO_DESCRIPTION = 48;
  static final long INFO_LIBRARY_VERSION = 80;
  static final long INFO_SIZE = 88;

  /** CK_TOKEN_INFO. */
  static final long TOKEN_LABEL = 0;

  static final long TOKEN_MANUFACTURER = 32;
  static final long TOKEN_MODEL = 64;
  static final long TOKEN_SERIAL = 80;
  static final long TOKEN_FLAGS = 96;
  static final long TOKEN_MAX_SESSIONS = 104;
  static final long TOKEN_HARDWARE = 184;
  static final long TOKEN_FIRMWARE = 186;
  static final long TOKEN_SIZE = 208;

  /** CK_SESSION_INFO. */
  static final long SESSION_STATE = 8;

  static final long SESSION_SIZE = 32;

  /** CK_ATTRIBUTE. */
  static final long ATTRIBUTE_TYPE = 0;

  static final long ATTRIBUTE_VALUE = 8;
  static final long ATTRIBUTE_LENGTH = 16;
  static final long ATTRIBUTE_SIZE = 24;

  /** CK_MECHANISM. */
  static final long MECHANISM_TYPE = 0;

  static final long MECHANISM_PARAMETER = 8;
  static final long MECHANISM_LENGTH = 16;
  static final long MECHANISM_SIZE = 24;

  /** CK_GCM_PARAMS, the form with ulIvBits. */
  static final long GCM_IV = 0;

  static final long GCM_IV_LENGTH = 8;
  static final long GCM_IV_BITS = 16;
  static final long GCM_AAD = 24;
  static final long GCM_AAD_LENGTH = 32;
  static final long GCM_TAG_BITS = 40;
  static final long GCM_SIZE = 48;

  /** CK_GCM_PARAMS without ulIvBits. */
  static final long GCM40_AAD = 16;

  static final long GCM40_AAD_LENGTH = 24;
  static final long GCM40_TAG_BITS = 32;
  static final long GCM40_SIZE = 40;

  /** CK_RSA_PKCS_OAEP_PARAMS. */
  static final long OAEP_HASH = 0;

  static final long OAEP_MGF = 8;
  static final long OAEP_SOURCE = 16;
  static final long OAEP_SIZE = 40;

  private Layouts() {}
}
