package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.ALREADY_SIGNED;
import static io.sharekeep.intent.RefusalCode.AMOUNT_UNPROVED;
import static io.sharekeep.intent.RefusalCode.DUPLICATE;
import static io.sharekeep.intent.RefusalCode.FIELD_MISSING;
import static io.sharekeep.intent.RefusalCode.FIELD_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.NOT_THIS_FORMAT;
import static io.sharekeep.intent.RefusalCode.OUT_OF_RANGE;
import static io.sharekeep.intent.RefusalCode.SCRIPT_PATH;
import static io.sharekeep.intent.RefusalCode.SIGHASH;
import static io.sharekeep.intent.RefusalCode.VERSION;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A partially signed transaction of version 0 (BIP-174) with the fields for Taproot key paths
 * (BIP-371). Fields that only help other signers are checked for their form and then left alone: no
 * key, path or change hint in them is believed.
 *
 * @param spent the outputs that the inputs spend, in the inputs' order
 */
record Psbt(BitcoinTransaction transaction, List<BitcoinTransaction.Output> spent) {
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
    var spent = new ArrayList<BitcoinTransaction.Output>();
    for (var input : transaction.inputs()) {
      spent.add(input(reader, input));
    }
    for (int i = 0; i < transaction.outputs().size(); i++) {
      output(reader);
    }
    reader.end("the PSBT");
    return new Psbt(transaction, spent);
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
        case 0x02, 0x03, 0x04, 0x05, 0x06 ->
            throw field.refusal(VERSION, "fields of PSBT version 2; only version 0 is read");
        case 0xfb -> {
          field.keyless();
          field.valueOf(4);
          if (field.value().u32("the PSBT's version") != 0) {
            throw field.refusal(VERSION, "only PSBT version 0 is read");
          }
        }
        default -> throw field.refusal(FIELD_UNKNOWN, "an unknown global field");
      }
    }
    return transaction.orElseThrow(
        () -> new Refusal(FIELD_MISSING, start, "the unsigned transaction is missing"));
  }

  private static BitcoinTransaction.Output input(
      PayloadReader reader, BitcoinTransaction.Input input) {
    int start = reader.offset();
    Optional<BitcoinTransaction.Output> witnessUtxo = Optional.empty();
    Optional<BitcoinTransaction> previous = Optional.empty();
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
          if (field.value().u32("the signature hash type") != 0) {
            throw field.refusal(SIGHASH, "only SIGHASH_DEFAULT is signed");
          }
        }
        case 0x02, 0x07, 0x08, 0x13 ->
            throw field.refusal(ALREADY_SIGNED, "the input carries a signature");
        case 0x04, 0x05, 0x14, 0x15, 0x18 ->
            throw field.refusal(SCRIPT_PATH, "the input is to be spent by a script");
        case 0x16 -> tapDerivation(field);
        case 0x17 -> {
          field.keyless();
          field.valueOf(32);
        }
        default -> throw field.refusal(FIELD_UNKNOWN, "an unknown field of an input");
      }
    }
    var spent =
        witnessUtxo.orElseThrow(
            () -> new Refusal(FIELD_MISSING, start, "an input without the output it spends"));
    previous.ifPresent(transaction -> prove(input, spent, transaction, start));
    return spent;
  }

  /** Where the whole previous transaction is given too, it must say the same. */
  private static void prove(
      BitcoinTransaction.Input input,
      BitcoinTransaction.Output spent,
      BitcoinTransaction previous,
      int offset) {
    if (!previous.txid().equals(input.previousTxid())
        || input.previousIndex() >= previous.outputs().size()) {
      throw new Refusal(AMOUNT_UNPROVED, offset, "the previous transaction is another one");
    }
    var proved = previous.outputs().get((int) input.previousIndex());
    if (proved.amount() != spent.amount() || !proved.script().equals(spent.script())) {
      throw new Refusal(
          AMOUNT_UNPROVED, offset, "the previous transaction shows another output than stated");
    }
  }

  private static void output(PayloadReader reader) {
    for (var field : map(reader)) {
      switch (field.type()) {
        case 0x02 -> {
          field.keyOf(Set.of(33, 65));
          origin(field);
        }
        case 0x05 -> {
          field.keyless();
          field.valueOf(32);
        }
        case 0x07 -> tapDerivation(field);
        default -> throw field.refusal(FIELD_UNKNOWN, "an unknown field of an output");
      }
    }
  }

  /** An x-only key; a count of leaf hashes, the hashes, fingerprint and path (BIP-371). */
  private static void tapDerivation(Field field) {
    field.keyOf(Set.of(32));
    int leaves = field.value().compactSize(Decoders.MAX_PARTS, "the count of leaf hashes");
    field.value().bytes(32 * leaves, "the leaf hashes");
    origin(field);
  }

  /** A fingerprint and a path, four bytes each step. */
  private static void origin(Field field) {
    int length = field.value().remaining();
    if (length < 4 || length % 4 != 0) {
      throw field.refusal(OUT_OF_RANGE, "a key's origin is no fingerprint with a path");
    }
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
