package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.ALREADY_SIGNED;
import static io.sharekeep.intent.RefusalCode.AMOUNT_UNPROVED;
import static io.sharekeep.intent.RefusalCode.DUPLICATE;
import static io.sharekeep.intent.RefusalCode.FIELD_MISSING;
import static io.sharekeep.intent.RefusalCode.FIELD_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.NESTED_SEGWIT;
import static io.sharekeep.intent.RefusalCode.NOT_THIS_FORMAT;
import static io.sharekeep.intent.RefusalCode.OUT_OF_RANGE;
import static io.sharekeep.intent.RefusalCode.PSBT_VERSION_2;
import static io.sharekeep.intent.RefusalCode.SCRIPT_PATH;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A partially signed transaction of version 0 (BIP-174) with the fields for Taproot key paths
 * (BIP-371). Fields that only help other signers are checked for their form and then left alone. A
 * path is a hint where to look for a key of ours, and never believed.
 *
 * @param outputHints paths of keys, for each output
 */
record Psbt(
    BitcoinTransaction transaction, List<Input> inputs, List<List<List<Long>>> outputHints) {

  /**
   * @param spent what the input spends
   * @param proved whether the whole previous transaction says the same
   * @param sighash the type asked for, and where
   * @param hints paths of keys
   */
  record Input(
      BitcoinTransaction.Output spent,
      boolean proved,
      Optional<Sighash> sighash,
      List<List<Long>> hints) {}

  /** A signature hash type and where its field starts. */
  record Sighash(long type, int offset) {}

  /** What the inputs spend, in their order. */
  List<BitcoinTransaction.Output> spent() {
    return inputs.stream().map(Input::spent).toList();
  }

  private static final byte[] MAGIC = {'p', 's', 'b', 't', (byte) 0xff};

  /** A field: its type, the rest of its key, its value, and where its key starts. */
  private record Field(int type, PayloadReader key, PayloadReader value, int offset) {
    Refusal refusal(RefusalCode code, String detail) {
      return new Refusal(code, offset, detail);
    }

    void keyless() {
      if (key.remaining() != 0) {
        throw refusal(FIELD_UNKNOWN, "a field's key carries data that its type does not have");
      }
    }

    void valueOf(int length) {
      if (value.remaining() != length) {
        throw refusal(OUT_OF_RANGE, "a field's value has not the length of its type");
      }
    }

    void keyOf(Set<Integer> lengths) {
      if (!lengths.contains(key.remaining())) {
        throw refusal(OUT_OF_RANGE, "a field's key has not the length of its type");
      }
    }
  }

  static Psbt parse(byte[] payload) {
    var reader = new PayloadReader(payload);
    for (byte expected : MAGIC) {
      int at = reader.offset();
      if (reader.u8("the magic bytes") != (expected & 0xff)) {
        throw new Refusal(NOT_THIS_FORMAT, at, "not a PSBT: the magic bytes are missing");
      }
    }
    var transaction = global(reader);
    var inputs = new ArrayList<Input>();
    for (var input : transaction.inputs()) {
      inputs.add(input(reader, input));
    }
    var outputHints = new ArrayList<List<List<Long>>>();
    for (int i = 0; i < transaction.outputs().size(); i++) {
      outputHints.add(output(reader));
    }
    reader.end("the PSBT");
    return new Psbt(transaction, inputs, outputHints);
  }

  private static BitcoinTransaction global(PayloadReader reader) {
    int start = reader.offset();
    Optional<BitcoinTransaction> transaction = Optional.empty();
    for (var field : map(reader)) {
      switch (field.type()) {
        case 0x00 -> {
          field.keyless();
          var parsed = BitcoinTransaction.parseUnsigned(field.value());
          field.value().end("the unsigned transaction");
          transaction = Optional.of(parsed);
        }
        case 0x01 -> {
          field.keyOf(Set.of(78));
          origin(field);
        }
        case 0x02, 0x03, 0x04, 0x05, 0x06 ->
            throw field.refusal(PSBT_VERSION_2, "fields of PSBT version 2; only version 0 is read");
        case 0xfb -> {
          field.keyless();
          field.valueOf(4);
          if (field.value().u32("the PSBT's version") != 0) {
            throw field.refusal(PSBT_VERSION_2, "only PSBT version 0 is read");
          }
        }
        default -> throw field.refusal(FIELD_UNKNOWN, "an unknown global field");
      }
    }
    return transaction.orElseThrow(
        () -> new Refusal(FIELD_MISSING, start, "the unsigned transaction is missing"));
  }

  private static Input input(PayloadReader reader, BitcoinTransaction.Input input) {
    int start = reader.offset();
    Optional<BitcoinTransaction.Output> witnessUtxo = Optional.empty();
    Optional<BitcoinTransaction> previous = Optional.empty();
    Optional<Sighash> sighash = Optional.empty();
    var hints = new ArrayList<List<Long>>();
    for (var field : map(reader)) {
      switch (field.type()) {
        case 0x00 -> {
          field.keyless();
          previous = Optional.of(BitcoinTransaction.parsePrevious(field.value()));
        }
        case 0x01 -> {
          field.keyless();
          var output = BitcoinTransaction.Output.read(field.value());
          field.value().end("the spent output");
          witnessUtxo = Optional.of(output);
        }
        case 0x03 -> {
          field.keyless();
          field.valueOf(4);
          sighash =
              Optional.of(
                  new Sighash(field.value().u32("the signature hash type"), field.offset()));
        }
        case 0x02, 0x07, 0x08, 0x13 ->
            throw field.refusal(ALREADY_SIGNED, "the input carries a signature");
        case 0x04 -> throw field.refusal(NESTED_SEGWIT, "a redeem script: P2SH is not supported");
        case 0x05, 0x14, 0x15, 0x18 ->
            throw field.refusal(SCRIPT_PATH, "the input is to be spent by a script");
        case 0x06 -> {
          field.keyOf(Set.of(33, 65));
          hints.add(origin(field));
        }
        case 0x16 -> hints.add(tapDerivation(field));
        case 0x17 -> {
          field.keyless();
          field.valueOf(32);
        }
        default -> throw field.refusal(FIELD_UNKNOWN, "an unknown field of an input");
      }
    }
    var proved = previous.map(transaction -> proved(input, transaction, start));
    var spent =
        witnessUtxo
            .or(() -> proved)
            .orElseThrow(
                () -> new Refusal(FIELD_MISSING, start, "an input without the output it spends"));
    proved
        .filter(p -> p.amount() != spent.amount() || !p.script().equals(spent.script()))
        .ifPresent(_ -> {
          throw new Refusal(
              AMOUNT_UNPROVED, start, "the previous transaction shows another output than stated");
        });
    return new Input(spent, proved.isPresent(), sighash, hints);
  }

  /** What the whole previous transaction says of the output, if it is the right one. */
  private static BitcoinTransaction.Output proved(
      BitcoinTransaction.Input input, BitcoinTransaction previous, int offset) {
    if (!previous.txid().equals(input.previousTxid())
        || input.previousIndex() >= previous.outputs().size()) {
      throw new Refusal(AMOUNT_UNPROVED, offset, "the previous transaction is another one");
    }
    return previous.outputs().get((int) input.previousIndex());
  }

  private static List<List<Long>> output(PayloadReader reader) {
    var hints = new ArrayList<List<Long>>();
    for (var field : map(reader)) {
      switch (field.type()) {
        case 0x02 -> {
          field.keyOf(Set.of(33, 65));
          hints.add(origin(field));
        }
        case 0x05 -> {
          field.keyless();
          field.valueOf(32);
        }
        case 0x07 -> hints.add(tapDerivation(field));
        default -> throw field.refusal(FIELD_UNKNOWN, "an unknown field of an output");
      }
    }
    return hints;
  }

  /** An x-only key; a count of leaf hashes, the hashes, fingerprint and path (BIP-371). */
  private static List<Long> tapDerivation(Field field) {
    field.keyOf(Set.of(32));
    int leaves = field.value().compactSize(Decoders.MAX_PARTS, "the count of leaf hashes");
    field.value().bytes(32 * leaves, "the leaf hashes");
    return origin(field);
  }

  /** The path behind a fingerprint, four bytes each step. */
  private static List<Long> origin(Field field) {
    int length = field.value().remaining();
    if (length < 4 || length % 4 != 0) {
      throw field.refusal(OUT_OF_RANGE, "a key's origin is no fingerprint with a path");
    }
    field.value().u32("a fingerprint");
    var path = new ArrayList<Long>();
    while (field.value().remaining() > 0) {
      path.add(field.value().u32("a step"));
    }
    return path;
  }

  /** One map, up to and with its terminator. No key may come twice. */
  private static List<Field> map(PayloadReader reader) {
    var fields = new ArrayList<Field>();
    var keys = new HashSet<Bytes>();
    while (true) {
      int length = reader.compactSize(reader.remaining(), "a key's length");
      if (length == 0) {
        return fields;
      }
      int at = reader.offset();
      var bytes = reader.bytes(length, "a key");
      if (!keys.add(Bytes.of(bytes))) {
        throw new Refusal(DUPLICATE, at, "a field's key comes twice");
      }
      var key = new PayloadReader(bytes);
      int type = key.compactSize(Integer.MAX_VALUE, "a field's type");
      int valueLength = reader.compactSize(reader.remaining(), "a value's length");
      fields.add(new Field(type, key, reader.part(valueLength, "a value"), at));
    }
  }
}
