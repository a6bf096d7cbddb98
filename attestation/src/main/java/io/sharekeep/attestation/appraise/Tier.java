package io.sharekeep.attestation.appraise;

/** Bands of AR4SI values, in rising order of trouble. */
public enum Tier {
  NONE(0),
  AFFIRMING(2),
  WARNING(32),
  CONTRAINDICATED(96);

  private final int value;

  Tier(int value) {
    this.value = value;
  }

  /** As an EAR writes it. */
  public int value() {
    return value;
  }

  /** Of a value in −128..127. */
  public static Tier of(int value) {
    if (value >= -1 && value <= 1) {
      return NONE;
    }
    if (value >= -32 && value <= 31) {
      return AFFIRMING;
    }
    return value >= -96 && value <= 95 ? WARNING : CONTRAINDICATED;
  }
}
