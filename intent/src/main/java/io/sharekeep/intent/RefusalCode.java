package io.sharekeep.intent;

import java.util.Locale;

/** Why a payload is refused. The labels are stable: they are written to logs and answers. */
public enum RefusalCode {
  /** No decoder has that name. */
  PURPOSE_UNKNOWN,
  /** The key's chain is not one of the purpose. */
  CHAIN_UNKNOWN,
  /** Larger than any decoder reads: 128 KiB, 256 inputs, 256 outputs, or the chain's own limit. */
  TOO_LARGE,
  /** Ends inside a field. */
  TRUNCATED,
  /** Bytes after the end. */
  TRAILING_BYTES,
  /** A number in more bytes than it needs, or fields that would be written otherwise. */
  NOT_CANONICAL,
  /** The same field, account or outpoint twice. */
  DUPLICATE,
  /** A value outside what its field can hold. */
  OUT_OF_RANGE,
  /** Not this kind of payload at all. */
  NOT_THIS_FORMAT,
  /** A version that is not read. */
  VERSION,
  /** A field or flag that is not known. */
  FIELD_UNKNOWN,
  /** A field that must be there is not. */
  FIELD_MISSING,
  /** Nothing in it for our key to sign. */
  NOT_OURS,
  /** Somebody else must sign too. */
  FOREIGN_SIGNER,
  /** An account has not the rights that its use needs, or rights that it does not need. */
  ACCOUNT_RIGHTS,
  /** A program that is not known. */
  PROGRAM_UNKNOWN,
  /** A known program's operation that is not known. */
  INSTRUCTION_UNKNOWN,
  /** An output whose script is not one of the standard kinds. */
  SCRIPT_UNKNOWN,
  /** An output that nobody could ever spend. */
  UNSPENDABLE,
  /** A signature hash type other than DEFAULT (Taproot) or ALL. */
  SIGHASH,
  /** Already signed or finalised. */
  ALREADY_SIGNED,
  /** Script-path spending. */
  SCRIPT_PATH,
  /** The proofs of an input's amount contradict each other. */
  AMOUNT_UNPROVED,
  /** Pays out more than comes in. */
  OVERSPENT,
  /** PSBT version 2. */
  PSBT_VERSION_2,
  /** P2SH around a witness program, or any other redeem script. */
  NESTED_SEGWIT,
  /** A fee beyond what any transaction needs: a mistake, or theft by fee. */
  FEE_EXCESSIVE,
  /** A legacy transaction without a chain id (EIP-155): it would be good on every chain. */
  CHAIN_ID_MISSING,
  /** The transaction is for another chain than the key. */
  WRONG_CHAIN,
  /** An ABI argument whose unused bytes are not zero. */
  DIRTY_PADDING,
  /** Native coin sent along with a token's operation that takes none. */
  VALUE_WITH_CALL,
  /** EIP-2930 is off by default. */
  ACCESS_LIST_OFF,
  /** EIP-4844 is off by default. */
  BLOB_OFF,
  /** EIP-7702 is off by default. */
  SET_CODE_OFF,
  /** Contract creation is off by default. */
  CREATE_OFF,
  /** EIP-712 typed data: recognised, and signed by no purpose. */
  TYPED_DATA_OFF,
  /** EIP-191 messages: recognised, and signed by no purpose. */
  MESSAGE_OFF,
  /** Accounts that are listed elsewhere, where we cannot read them. */
  LOOKUP_TABLE,
  /** A token transfer that does not say which token. */
  PLAIN_TOKEN_TRANSFER,
  /** A token account that is not proved to belong to anybody we know. */
  OWNER_UNPROVED,
  /** A token whose transfers may do more than they say. */
  TOKEN_2022;

  /** Lower case, words joined by hyphens. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
