package io.sharekeep.cbor;

/** Which kinds of item a document may hold. Neither admits floats or indefinite lengths. */
public enum CborProfile {
  /**
   * What parties send each other: unsigned integers, byte strings, ASCII text, arrays, maps with
   * unsigned keys, booleans; at most 6 containers deep.
   */
  WIRE(6),

  /**
   * Signed evidence (EAT, COSE): besides, negative integers, any Unicode text, text keys, null and
   * the tags 18 and 61; at most 16 containers deep, a tag counting as one.
   */
  EVIDENCE(16);

  private final int maxDepth;

  CborProfile(int maxDepth) {
    this.maxDepth = maxDepth;
  }

  /** How many containers may lie in one another. */
  public int maxDepth() {
    return maxDepth;
  }

  boolean admitsTag(long number) {
    return this == EVIDENCE && (number == 18 || number == 61);
  }

  boolean admitsNegative() {
    return this == EVIDENCE;
  }

  boolean admitsNames() {
    return this == EVIDENCE;
  }

  boolean admitsNull() {
    return this == EVIDENCE;
  }

  boolean admitsUnicode() {
    return this == EVIDENCE;
  }
}
