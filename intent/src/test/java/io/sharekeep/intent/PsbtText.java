package io.sharekeep.intent;

import java.util.ArrayList;
import java.util.List;

/** Writes PSBTs field by field, so that a test can write a wrong one. */
final class PsbtText {
  static final Bytes OURS =
      Bytes.ofHex("5a2c2cf5b52cf31f83ad2e8da63ff03183ecd8f609c7510ae8a48e03910a0757");
  static final Bytes ELSEWHERE = Bytes.ofHex("0014768e1eeb4cf420866033f80aceff0f9720744969");

  long version = 2;
  long lockTime;

  /** Hex that goes behind the unsigned transaction, inside its field. */
  String afterTransaction = "";

  final List<Field> global = new ArrayList<>();
  final List<BitcoinTransaction.Input> inputs = new ArrayList<>();
  final List<List<Field>> inputFields = new ArrayList<>();
  final List<BitcoinTransaction.Output> outputs = new ArrayList<>();
  final List<List<Field>> outputFields = new ArrayList<>();

  record Field(Bytes key, Bytes value) {
    static Field of(int type, String value) {
      return new Field(Bytes.of(new byte[] {(byte) type}), Bytes.ofHex(value));
    }
  }

  /** One input of ours of 100 000 satoshis, one output of 90 000 elsewhere. */
  static PsbtText simple() {
    return new PsbtText().spend(1, 100_000, taproot(OURS)).pay(90_000, ELSEWHERE);
  }

  static Bytes taproot(Bytes key) {
    return Bytes.ofHex("5120" + key.hex());
  }

  PsbtText spend(int transaction, long amount, Bytes script) {
    var txid = new byte[32];
    txid[0] = (byte) transaction;
    return spend(Bytes.of(txid), 0, amount, script);
  }

  PsbtText spend(Bytes txid, long index, long amount, Bytes script) {
    inputs.add(new BitcoinTransaction.Input(txid, index, Bytes.of(new byte[0]), 0xffffffffL, 0));
    var fields = new ArrayList<Field>();
    fields.add(Field.of(1, output(amount, script).hex()));
    inputFields.add(fields);
    return this;
  }

  PsbtText pay(long amount, Bytes script) {
    outputs.add(new BitcoinTransaction.Output(amount, script, 0));
    outputFields.add(new ArrayList<>());
    return this;
  }

  static Bytes output(long amount, Bytes script) {
    var out = new BitcoinWriter();
    new BitcoinTransaction.Output(amount, script, 0).write(out);
    return Bytes.of(out.toArray());
  }

  BitcoinTransaction transaction() {
    return new BitcoinTransaction(version, inputs, outputs, lockTime);
  }

  byte[] write() {
    var out = new BitcoinWriter().bytes(Bytes.ofHex("70736274ff"));
    var all =
        new ArrayList<>(
            List.of(Field.of(0, Bytes.of(transaction().encode()).hex() + afterTransaction)));
    all.addAll(global);
    map(out, all);
    inputFields.forEach(fields -> map(out, fields));
    outputFields.forEach(fields -> map(out, fields));
    return out.toArray();
  }

  private static void map(BitcoinWriter out, List<Field> fields) {
    for (var field : fields) {
      out.compactSize(field.key().length()).bytes(field.key());
      out.compactSize(field.value().length()).bytes(field.value());
    }
    out.u8(0);
  }
}
