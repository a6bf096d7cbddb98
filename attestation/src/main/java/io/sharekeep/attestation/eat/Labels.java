package io.sharekeep.attestation.eat;

/** Labels of claims: IANA's (RFC 8392, 9711), and ours, which are private use. */
public final class Labels {
  public static final long AUDIENCE = 3;
  public static final long EXPIRES = 4;
  public static final long ISSUED_AT = 6;
  public static final long ID = 7;
  public static final long CONFIRMATION = 8;
  public static final long NONCE = 10;
  public static final long UEID = 256;
  public static final long HARDWARE_MODEL = 259;
  public static final long UPTIME = 261;
  public static final long DEBUG = 263;
  public static final long PROFILE = 265;
  public static final long SUBMODULES = 266;
  public static final long BOOT_COUNT = 267;
  public static final long BOOT_SEED = 268;
  public static final long SOFTWARE_NAME = 270;
  public static final long SOFTWARE_VERSION = 271;
  public static final long MANIFESTS = 272;
  public static final long MEASUREMENTS = 273;
  public static final long RESULTS = 274;
  public static final long INTENDED_USE = 275;
  public static final long SEQUENCE = -80001;
  public static final long PREVIOUS = -80002;
  public static final long CHANNEL = -80003;
  public static final long POLICY = -80004;
  public static final long LOG = -80005;
  public static final long CLOCK = -80006;
  public static final long HEALTH = -80007;
  public static final long BUILD = -80008;
  public static final long LIMITS = -80009;
  public static final long STATE = -80010;
  public static final long COMMITTEE = -80011;
  public static final long PEERS = -80012;
  public static final long SCOPE = -80013;

  public static final long HSM_KIND = -80020;
  public static final long HSM_EVIDENCE = -80021;
  public static final long HSM_TOKEN_INFO = -80022;
  public static final long HSM_FIPS = -80023;
  public static final long HSM_KEYS = -80024;
  public static final long HSM_POSSESSION = -80025;
  public static final long HSM_OPENS = -80026;

  public static final long TPM_QUOTE = -80040;
  public static final long TPM_QUOTE_SIGNATURE = -80041;
  public static final long TPM_PCRS = -80042;
  public static final long TPM_KEY = -80043;
  public static final long TPM_EVENT_LOG = -80044;
  public static final long TPM_NV = -80045;
  public static final long TPM_NV_SIGNATURE = -80046;
  public static final long TPM_NV_INDEX = -80047;
  public static final long TPM_IMA = -80048;

  public static final long SHARES = -80060;

  private Labels() {}
}
