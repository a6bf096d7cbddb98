package io.sharekeep.intent;

import java.util.Arrays;
import java.util.Optional;

/** A family of messages that a key may sign. A decoder runs only for a purpose that the key has. */
public enum Purpose {
  /** Solana messages. */
  SOL_TX("sol.tx"),
  /** Bitcoin transactions. */
  BTC_TX("btc.tx"),
  /** Ethereum transactions, and EIP-7702 authorisations. */
  EVM_TX("evm.tx");

  private final String label;

  Purpose(String label) {
    this.label = label;
  }

  /** As key records, policies and requests spell it. */
  public String label() {
    return label;
  }

  public static Optional<Purpose> named(String label) {
    return Arrays.stream(values()).filter(p -> p.label.equals(label)).findFirst();
  }
}
