package io.sharekeep.intent;

import java.util.List;

/**
 * The digest that a P2WPKH input signs with SIGHASH_ALL, BIP-143. It covers the input's own amount
 * and no other input's: that is why those must be proved otherwise.
 */
final class Bip143 {
  private static final int SIGHASH_ALL = 1;

  private final BitcoinTransaction transaction;
  private final List<BitcoinTransaction.Output> spent;
  private final Bytes hashPrevouts;
  private final Bytes hashSequence;
  private final Bytes hashOutputs;

  /**
   * Hashes once what the digests of all inputs share.
   *
   * @param spent the outputs that the inputs spend, in the inputs' order
   */
  Bip143(BitcoinTransaction transaction, List<BitcoinTransaction.Output> spent) {
    this.transaction = transaction;
    this.spent = List.copyOf(spent);
    var prevouts = new BitcoinWriter();
    var sequences = new BitcoinWriter();
    for (var input : transaction.inputs()) {
      prevouts.bytes(input.previousTxid()).u32(input.previousIndex());
      sequences.u32(input.sequence());
    }
    var outputs = new BitcoinWriter();
    transaction.outputs().forEach(output -> output.write(outputs));
    this.hashPrevouts = hash(prevouts);
    this.hashSequence = hash(sequences);
    this.hashOutputs = hash(outputs);
  }

  /**
   * 32 bytes.
   *
   * @param keyHash the 20 bytes of the input's witness program
   */
  Bytes digest(int index, Bytes keyHash) {
    var input = transaction.inputs().get(index);
    return hash(
        new BitcoinWriter()
            .u32(transaction.version())
            .bytes(hashPrevouts)
            .bytes(hashSequence)
            .bytes(input.previousTxid())
            .u32(input.previousIndex())
            .bytes(Bytes.ofHex("1976a914" + keyHash.hex() + "88ac"))
            .u64(spent.get(index).amount())
            .u32(input.sequence())
            .bytes(hashOutputs)
            .u32(transaction.lockTime())
            .u32(SIGHASH_ALL));
  }

  private static Bytes hash(BitcoinWriter fields) {
    return Bytes.of(Hash.doubleSha256(fields.toArray()));
  }
}
