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
  /** A signature hash type other than DEFAULT. */
  SIGHASH,
  /** Already signed or finalised. */
  ALREADY_SIGNED,
  /** Script-path spending. */
  SCRIPT_PATH,
  /** The proofs of an input's amount contradict each other. */
  AMOUNT_UNPROVED,
  /** Pays out more than comes in. */
  OVERSPENT;

  /** Lower case, words joined by hyphens. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
