package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.ALREADY_SIGNED;
import static io.sharekeep.intent.RefusalCode.DUPLICATE;
import static io.sharekeep.intent.RefusalCode.FIELD_MISSING;
import static io.sharekeep.intent.RefusalCode.OUT_OF_RANGE;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * A Bitcoin transaction without witnesses: what a txid covers.
 *
 * @param version as its four bytes say, unsigned
 */
record BitcoinTransaction(long version, List<Input> inputs, List<Output> outputs, long lockTime) {
  /** 21 million coins, in satoshis: more than this is no amount. */
  static final long MAX_MONEY = 21_000_000L * 100_000_000L;

  /** Consensus allows 10 000 bytes to be spent from; no standard script comes near. */
  private static final int MAX_SCRIPT = 10_000;

  /**
   * @param offset where the input starts in the payload
   */
  record Input(Bytes previousTxid, long previousIndex, Bytes script, long sequence, int offset) {
    /** As explorers show it: reversed. */
    String shownTxid() {
      return reversedHex(previousTxid);
    }
  }

  /**
   * @param amount in satoshis
   * @param offset where the output starts in the payload
   */
  record Output(long amount, Bytes script, int offset) {
    static Output read(PayloadReader reader) {
      int at = reader.offset();
      long amount = reader.u64("an amount");
      if (amount > MAX_MONEY) {
        throw new Refusal(OUT_OF_RANGE, at, "an amount of more than 21 million coins");
      }
      int length = reader.compactSize(MAX_SCRIPT, "a script's length");
      return new Output(amount, Bytes.of(reader.bytes(length, "a script")), at);
    }

    void write(BitcoinWriter out) {
      out.u64(amount).compactSize(script.length()).bytes(script);
    }
  }

  /** The unsigned transaction of a PSBT: no witness, every input's script empty. */
  static BitcoinTransaction parseUnsigned(PayloadReader reader) {
    var transaction = parse(reader, Decoders.MAX_PARTS);
    for (var input : transaction.inputs()) {
      if (input.script().length() != 0) {
        throw new Refusal(ALREADY_SIGNED, input.offset(), "an input's script is not empty");
      }
    }
    return transaction;
  }

  private static BitcoinTransaction parse(PayloadReader reader, int limit) {
    long version = reader.u32("the transaction's version");
    var inputs = inputs(reader, limit);
    var outputs = outputs(reader, limit);
    long lockTime = reader.u32("the lock time");
    return new BitcoinTransaction(version, inputs, outputs, lockTime);
  }

  /**
   * A whole previous transaction, with or without witnesses (BIP-144). These are skipped: a txid
   * does not cover them.
   */
  static BitcoinTransaction parsePrevious(PayloadReader reader) {
    long version = reader.u32("the previous transaction's version");
    boolean witnesses = reader.peek("the previous transaction's inputs") == 0;
    if (witnesses) {
      reader.u8("the marker");
      if (reader.u8("the flag") != 1) {
        throw reader.refusal(RefusalCode.FIELD_UNKNOWN, "an unknown flag for witnesses");
      }
    }
    // Each input has at least 41 bytes and each output 9, so the payload's length bounds them.
    var inputs = inputs(reader, reader.remaining() / 41);
    var outputs = outputs(reader, reader.remaining() / 9);
    if (witnesses) {
      for (int i = 0; i < inputs.size(); i++) {
        int items = reader.compactSize(reader.remaining(), "a witness's count of items");
        for (int j = 0; j < items; j++) {
          reader.bytes(
              reader.compactSize(reader.remaining(), "a witness item's length"), "an item");
        }
      }
    }
    long lockTime = reader.u32("the previous transaction's lock time");
    reader.end("the previous transaction");
    return new BitcoinTransaction(version, inputs, outputs, lockTime);
  }

  private static List<Input> inputs(PayloadReader reader, int limit) {
    int count = reader.compactSize(limit, "the count of inputs");
    if (count == 0) {
      throw reader.refusal(FIELD_MISSING, "a transaction without inputs");
    }
    var inputs = new ArrayList<Input>();
    var spent = new HashSet<Validity.Outpoint>();
    for (int i = 0; i < count; i++) {
      int at = reader.offset();
      var txid = Bytes.of(reader.bytes(32, "an input's txid"));
      long index = reader.u32("an input's index");
      int length = reader.compactSize(MAX_SCRIPT, "a script's length");
      var script = Bytes.of(reader.bytes(length, "a script"));
      var input = new Input(txid, index, script, reader.u32("a sequence number"), at);
      if (!spent.add(new Validity.Outpoint(input.shownTxid(), index))) {
        throw new Refusal(DUPLICATE, at, "an outpoint is spent twice");
      }
      inputs.add(input);
    }
    return inputs;
  }

  private static List<Output> outputs(PayloadReader reader, int limit) {
    int count = reader.compactSize(limit, "the count of outputs");
    if (count == 0) {
      throw reader.refusal(FIELD_MISSING, "a transaction without outputs");
    }
    var outputs = new ArrayList<Output>();
    long sum = 0;
    for (int i = 0; i < count; i++) {
      int at = reader.offset();
      var output = Output.read(reader);
      sum += output.amount(); // at most 2^17 outputs of less than 2^51 each
      if (sum > MAX_MONEY) {
        throw new Refusal(OUT_OF_RANGE, at, "outputs of more than 21 million coins");
      }
      outputs.add(output);
    }
    return outputs;
  }

  /** The form that a txid is the hash of. */
  byte[] encode() {
    var out = new BitcoinWriter().u32(version).compactSize(inputs.size());
    for (var input : inputs) {
      out.bytes(input.previousTxid())
          .u32(input.previousIndex())
          .compactSize(input.script().length())
          .bytes(input.script())
          .u32(input.sequence());
    }
    out.compactSize(outputs.size());
    outputs.forEach(output -> output.write(out));
    return out.u32(lockTime).toArray();
  }

  /** BIP-144: with the witness items of each input. */
  byte[] encodeWithWitnesses(List<List<byte[]>> witnesses) {
    var plain = encode();
    var out = new BitcoinWriter().u32(version).u8(0).u8(1);
    out.bytes(Bytes.of(plain, 4, plain.length - 4));
    for (var items : witnesses) {
      out.compactSize(items.size());
      items.forEach(item -> out.compactSize(item.length).bytes(Bytes.of(item)));
    }
    return out.u32(lockTime).toArray();
  }

  /** In the order of bytes that inputs use, not the reversed one that people see. */
  Bytes txid() {
    return Bytes.of(Hash.doubleSha256(encode()));
  }

  static String reversedHex(Bytes hash) {
    var reversed = new byte[hash.length()];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = hash.at(reversed.length - 1 - i);
    }
    return Bytes.of(reversed).hex();
  }
}
