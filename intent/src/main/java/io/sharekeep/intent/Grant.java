package io.sharekeep.intent;

import java.math.BigInteger;
import java.util.Optional;

/**
 * Power given to others: an allowance, an operator, a delegate, an authority. Never counted as a
 * transfer.
 *
 * @param form how the power is given
 * @param asset what it is over
 * @param grantee who gets it
 * @param amount the most they may take, in base units; empty when nothing bounds it. Zero is
 *     usually a withdrawal, but an ERC-721 token may have the number 0, so it stays a grant
 * @param expires when the power ends by itself, in seconds since 1970; empty if it does not
 */
public record Grant(
    Form form,
    AssetId asset,
    Destination grantee,
    Optional<BigInteger> amount,
    Optional<BigInteger> expires) {

  public Grant {
    if (amount.filter(some -> some.signum() < 0).isPresent()) {
      throw new IllegalArgumentException("negative amount");
    }
  }

  /** The ways of giving power that decoders know. */
  public enum Form {
    /** ERC-20 or ERC-721 {@code approve}: the allowance becomes the amount. */
    APPROVE("approve"),
    /** {@code increaseAllowance} or {@code increaseApproval}: the amount is added. */
    INCREASE_ALLOWANCE("increase-allowance"),
    /** ERC-2612 or DAI {@code permit}, as a call. */
    PERMIT("permit"),
    /** An allowance that Permit2's contract carries out. */
    PERMIT2("permit2"),
    /** {@code setApprovalForAll}: all tokens of the contract. */
    OPERATOR("operator"),
    /** EIP-7702: code that acts for the whole account. */
    DELEGATION("delegation"),
    /** SPL Token {@code ApproveChecked}. */
    TOKEN_DELEGATE("token-delegate"),
    /** SPL Token {@code SetAuthority}: the authority passes to somebody else. */
    AUTHORITY("authority"),
    /** SPL Token {@code CloseAccount}: the account's lamports go to the grantee. */
    CLOSE_ACCOUNT("close-account");

    private final String label;

    Form(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
