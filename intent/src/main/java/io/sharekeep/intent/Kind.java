package io.sharekeep.intent;

/**
 * What a transaction is, by its worst part. Ordered from the least to the worst. What no decoder
 * understands has no kind: it is refused.
 */
public enum Kind {
  /** Moves value to destinations and does nothing else. */
  TRANSFER("transfer"),
  /** Runs a contract in a way that is not known to be a transfer or a grant. */
  EVM_CALL("evm.call"),
  /** Creates a contract. */
  EVM_CREATE("evm.create"),
  /** Gives others power over what is ours: see the grants. */
  GRANT("grant"),
  /** EIP-7702: gives an account's whole conduct to a delegate's code. */
  EVM_SET_CODE("evm.set-code");

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  /** As policies and the canonical form spell it. */
  public String label() {
    return label;
  }
}
