package io.sharekeep.attestation.appraise;

/** What a verdict is for a script. */
public enum Exit {
  AFFIRMING(0),
  ERROR(1),
  MALFORMED(2),
  INVALID(3),
  STALE(4),
  ROLLBACK(5),
  CONTRAINDICATED(6),
  WARNING(7),
  INSUFFICIENT(8);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
