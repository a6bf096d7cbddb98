package io.sharekeep.intent;

import java.util.List;

/** The digest that a Taproot key-path spend signs, BIP-341 section "Common signature message". */
final class Bip341 {
  private static final int EPOCH = 0;
  private static final int SIGHASH_DEFAULT = 0;
  private static final int KEY_PATH_WITHOUT_ANNEX = 0;

  private final BitcoinTransaction transaction;
  private final byte[] common;

  /**
   * Hashes once what the digests of all inputs share.
   *
   * @param spent the outputs that the inputs spend, in the inputs' order
   */
  Bip341(BitcoinTransaction transaction, List<BitcoinTransaction.Output> spent) {
    if (spent.size() != transaction.inputs().size()) {
      throw new IllegalArgumentException("one spent output for each input is needed");
    }
    this.transaction = transaction;
    var prevouts = new BitcoinWriter();
    var sequences = new BitcoinWriter();
    for (var input : transaction.inputs()) {
      prevouts.bytes(input.previousTxid()).u32(input.previousIndex());
      sequences.u32(input.sequence());
    }
    var amounts = new BitcoinWriter();
    var scripts = new BitcoinWriter();
    for (var output : spent) {
      amounts.u64(output.amount());
      scripts.compactSize(output.script().length()).bytes(output.script());
    }
    var outputs = new BitcoinWriter();
    transaction.outputs().forEach(output -> output.write(outputs));
    this.common =
        new BitcoinWriter()
            .u8(EPOCH)
            .u8(SIGHASH_DEFAULT)
            .u32(transaction.version())
            .u32(transaction.lockTime())
            .bytes(hash(prevouts))
            .bytes(hash(amounts))
            .bytes(hash(scripts))
            .bytes(hash(sequences))
            .bytes(hash(outputs))
            .u8(KEY_PATH_WITHOUT_ANNEX)
            .toArray();
  }

  /** The message of BIP-341, with the epoch byte in front. */
  Bytes message(int input) {
    if (input < 0 || input >= transaction.inputs().size()) {
      throw new IllegalArgumentException("no input " + input);
    }
    return Bytes.of(new BitcoinWriter().bytes(Bytes.of(common)).u32(input).toArray());
  }

  /** 32 bytes. */
  Bytes digest(int input) {
    return Bytes.of(Hash.tagged("TapSighash", message(input).toArray()));
  }

  private static Bytes hash(BitcoinWriter fields) {
    return Bytes.of(Hash.sha256(fields.toArray()));
  }
}
