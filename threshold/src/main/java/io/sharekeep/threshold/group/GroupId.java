package io.sharekeep.threshold.group;

/** The groups that Sharekeep knows. */
public enum GroupId {
  SECP256K1(33),
  ED25519(32);

  /** Bytes of a scalar in either group. */
  public static final int SCALAR_LENGTH = 32;

  private final int elementLength;

  GroupId(int elementLength) {
    this.elementLength = elementLength;
  }

  /** Bytes of an encoded element. */
  public int elementLength() {
    return elementLength;
  }
}
