package io.sharekeep.intent;

import java.math.BigInteger;
import java.util.List;

/** A fact that a human should see. Never used to allow anything. */
public enum Warning {
  /** The transaction carries bytes that mean nothing to the chain and maybe something to people. */
  CARRIES_DATA("carries-data"),
  /** It expires with its blockhash, likely before people have approved it. */
  EXPIRES_SOON("expires-soon"),
  /** It pays nobody but its own key and the fee. */
  PAYS_ONLY_SELF("pays-only-self"),
  /** A grant of more than any token's supply. */
  UNLIMITED_GRANT("unlimited-grant"),
  /** A grant that does not end by itself. */
  GRANT_WITHOUT_END("grant-without-end"),
  /** Tokens are sent to the contract that keeps them, where they are mostly lost. */
  PAYS_TOKEN_CONTRACT("pays-token-contract"),
  /** Something is sent to address zero, where it is lost. */
  PAYS_ZERO_ADDRESS("pays-zero-address"),
  /** Tokens move from a holder that the call names: ours or one that has given us an allowance. */
  SPENDS_ALLOWANCE("spends-allowance"),
  /** An authorisation that holds on every chain. */
  EVERY_CHAIN("every-chain"),
  /** The fee can be more than a quarter of what is paid, in the same coin. */
  FEE_HIGH("fee-high"),
  /** No key was given: every input that we can read is taken for the signer's own. */
  SIGNER_ASSUMED("signer-assumed");

  private final String label;

  Warning(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** Whether a fee deserves {@link #FEE_HIGH}. */
  static boolean isHigh(Fee fee, List<Transfer> transfers) {
    var paid =
        transfers.stream()
            .filter(transfer -> transfer.asset().equals(fee.asset()))
            .map(Transfer::amount)
            .reduce(BigInteger.ZERO, BigInteger::add);
    return paid.signum() > 0 && fee.most().shiftLeft(2).compareTo(paid) > 0;
  }
}
