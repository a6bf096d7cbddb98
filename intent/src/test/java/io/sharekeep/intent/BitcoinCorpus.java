package io.sharekeep.intent;

import static io.sharekeep.intent.PsbtText.ELSEWHERE;
import static io.sharekeep.intent.PsbtText.OURS;
import static io.sharekeep.intent.PsbtText.taproot;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bitcoin's part of the corpus. */
final class BitcoinCorpus {
  private static final Bytes WITNESS = witness(CorpusLines.WITNESS_KEY);
  private static final Bytes NESTED = Bytes.ofHex("a914" + "5b".repeat(20) + "87");

  private BitcoinCorpus() {}

  static void write(List<CorpusLine> lines) {
    taprootLines(new CorpusLines(CorpusLine.View.TAPROOT, lines));
    witnessLines(new CorpusLines(CorpusLine.View.P2WPKH, lines));
    derivedLines(new CorpusLines(CorpusLine.View.DERIVED, lines));
  }

  private static void taprootLines(CorpusLines out) {
    var simple = hex(PsbtText.simple());
    out.line("transfer", "one input, one payment", simple);
    out.line("!truncated", "no bytes", "");
    out.line("!not-this-format", "another magic", "70736274fe" + simple.substring(10));
    out.line(
        "!not-this-format",
        "the transaction alone",
        Bytes.of(PsbtText.simple().transaction().encode()).hex());
    out.line("!trailing-bytes", "a byte after the PSBT", simple + "00");
    out.line("!truncated", "the last map is missing", simple.substring(0, simple.length() - 2));
    var inside = PsbtText.simple();
    inside.afterTransaction = "00";
    out.line("!trailing-bytes", "a byte after the transaction", hex(inside));
    for (long version : new long[] {0, 4, 0xffffffffL}) {
      var text = PsbtText.simple();
      text.version = version;
      out.line("!version", "transaction version " + version, hex(text));
    }
    out.line("!psbt-version-2", "PSBT version 2", global("fb", "02000000"));
    out.line("!psbt-version-2", "a field of PSBT version 2", global("02", "02000000"));
    out.line("transfer", "PSBT version 0, said", global("fb", "00000000"));
    out.line("!field-unknown", "an unknown global field", global("fc01", "00"));
    out.line(
        "!out-of-range", "a global key that is none", global("01" + "11".repeat(20), "00000000"));
    Map.of(
            "00",
            "!amount-unproved",
            "02" + "02".repeat(33),
            "!already-signed",
            "04",
            "!nested-segwit",
            "05",
            "!script-path",
            "07",
            "!already-signed",
            "08",
            "!already-signed",
            "09",
            "!field-unknown",
            "13",
            "!already-signed",
            "14" + "11".repeat(64),
            "!script-path",
            "18",
            "!script-path")
        .entrySet()
        .stream()
        .collect(
            TreeMap<String, String>::new, (m, e) -> m.put(e.getKey(), e.getValue()), Map::putAll)
        .forEach((key, expected) ->
            out.line(
                expected,
                "an input's field " + key.substring(0, 2),
                input(
                    key,
                    key.equals("00")
                        ? Bytes.of(previous(9, WITNESS).encode()).hex()
                        : "00".repeat(64))));
    for (var type :
        List.of("01000000", "02000000", "03000000", "81000000", "82000000", "83000000")) {
      out.line("!sighash", "sighash " + type, input("03", type));
    }
    out.line("transfer", "sighash DEFAULT, said", input("03", "00000000"));
    out.line("!duplicate", "a field twice", input("17", "11".repeat(32), "17", "11".repeat(32)));
    out.line(
        "!duplicate", "an outpoint twice", hex(PsbtText.simple().spend(1, 100_000, taproot(OURS))));
    out.line(
        "!foreign-signer",
        "an input of somebody else",
        hex(PsbtText.simple().spend(2, 7, ELSEWHERE)));
    out.line(
        "!not-ours",
        "no input of ours",
        hex(new PsbtText().spend(1, 9, ELSEWHERE).pay(1, ELSEWHERE)));
    out.line(
        "!not-ours",
        "a hash that equals our key",
        hex(new PsbtText().spend(1, 9, Bytes.ofHex("0020" + OURS.hex())).pay(1, ELSEWHERE)));
    out.line("!field-missing", "no inputs", hex(new PsbtText().pay(1, ELSEWHERE)));
    out.line("!field-missing", "no outputs", hex(new PsbtText().spend(1, 9, taproot(OURS))));
    var missing = PsbtText.simple();
    missing.inputFields.getFirst().clear();
    out.line("!field-missing", "an input without its output", hex(missing));
    out.line("!overspent", "more out than in", hex(PsbtText.simple().pay(20_000, ELSEWHERE)));
    out.line(
        "!out-of-range",
        "more than all coins",
        hex(PsbtText.simple().pay(BitcoinTransaction.MAX_MONEY + 1, ELSEWHERE)));
    out.line("!out-of-range", "a negative amount", hex(PsbtText.simple().pay(-1, ELSEWHERE)));
    out.line(
        "!fee-excessive",
        "a fee by mistake",
        hex(new PsbtText().spend(1, 100_000_000, taproot(OURS)).pay(1, ELSEWHERE)));
    out.line(
        "transfer",
        "a high fee below the ceiling",
        hex(new PsbtText().spend(1, 900_000, taproot(OURS)).pay(1_000, ELSEWHERE)));
    out.line(
        "transfer",
        "no fee",
        hex(new PsbtText().spend(1, 1_000, taproot(OURS)).pay(1_000, ELSEWHERE)));
    out.line(
        "transfer", "change to the same key", hex(PsbtText.simple().pay(5_000, taproot(OURS))));
    out.line(
        "transfer",
        "all to oneself",
        hex(new PsbtText().spend(1, 1_000, taproot(OURS)).pay(900, taproot(OURS))));
    out.line("transfer", "change to another key, whatever its field says", foreignChange());
    out.line(
        "!unspendable",
        "a burn with value",
        hex(PsbtText.simple().pay(1, Bytes.ofHex("6a0401020304"))));
    out.line(
        "transfer",
        "data without value",
        hex(PsbtText.simple().pay(0, Bytes.ofHex("6a0401020304"))));
    out.line(
        "!unspendable",
        "a Taproot key off the curve",
        hex(PsbtText.simple().pay(1, Bytes.ofHex("5120" + "00".repeat(31) + "05"))));
    out.line(
        "!script-unknown",
        "bare multisig",
        hex(PsbtText.simple().pay(1, Bytes.ofHex("51210" + "2".repeat(65) + "51ae"))));
    out.line("!script-unknown", "an empty script", hex(PsbtText.simple().pay(1, Bytes.ofHex(""))));
    out.line(
        "!script-unknown",
        "a witness of a later version",
        hex(PsbtText.simple().pay(1, Bytes.ofHex("5220" + "11".repeat(32)))));
    out.line("transfer", "to a script's hash", hex(PsbtText.simple().pay(1, NESTED)));
    out.line(
        "!too-large",
        "257 inputs",
        "70736274ff0100" + "fd0001" + "02000000" + "fd0101" + "00".repeat(249) + "000000");
    out.line(
        "!not-canonical",
        "a count written long",
        "70736274ff0100" + "fd0001" + "02000000" + "fd0100" + "00".repeat(249) + "000000");
    out.line(
        "!already-signed",
        "a script in the unsigned transaction",
        "70736274ff0100"
            + "3d"
            + "02000000"
            + "01"
            + "11".repeat(32)
            + "00000000"
            + "01"
            + "51"
            + "ffffffff"
            + "01"
            + "0100000000000000"
            + "00"
            + "00000000"
            + "000000");
    out.line("transfer", "the example of BIP-371", retarget());
  }

  private static void witnessLines(CorpusLines out) {
    out.line("transfer", "P2WPKH with its whole previous transaction", hex(proved(10_000)));
    out.line(
        "!amount-unproved",
        "P2WPKH without its previous transaction",
        hex(new PsbtText().spend(1, 10_000, WITNESS).pay(9_000, ELSEWHERE)));
    var second = proved(10_000).spend(3, 500, WITNESS);
    out.line("!amount-unproved", "one of two inputs without its previous transaction", hex(second));
    var other = proved(10_000);
    other.inputFields.getFirst().set(1, field(0, previous(10_000, ELSEWHERE)));
    out.line("!amount-unproved", "another previous transaction", hex(other));
    var lie = proved(10_000);
    lie.inputFields.getFirst().set(0, PsbtText.Field.of(1, PsbtText.output(9_999, WITNESS).hex()));
    out.line("!amount-unproved", "an amount that the previous transaction does not say", hex(lie));
    var script = proved(10_000);
    script
        .inputFields
        .getFirst()
        .set(0, PsbtText.Field.of(1, PsbtText.output(10_000, taproot(OURS)).hex()));
    out.line(
        "!amount-unproved", "a script that the previous transaction does not say", hex(script));
    var alone = proved(10_000);
    alone.inputFields.getFirst().removeFirst();
    out.line("transfer", "the previous transaction alone", hex(alone));
    var beyond =
        new PsbtText()
            .spend(previous(10_000, WITNESS).txid(), 1, 10_000, WITNESS)
            .pay(1, ELSEWHERE);
    beyond.inputFields.getFirst().add(field(0, previous(10_000, WITNESS)));
    out.line("!amount-unproved", "an output that the previous transaction has not", hex(beyond));
    for (var type : List.of("00000000", "02000000", "03000000", "81000000")) {
      var sighash = proved(10_000);
      sighash.inputFields.getFirst().add(PsbtText.Field.of(3, type));
      out.line("!sighash", "P2WPKH, sighash " + type, hex(sighash));
    }
    var all = proved(10_000);
    all.inputFields.getFirst().add(PsbtText.Field.of(3, "01000000"));
    out.line("transfer", "P2WPKH, sighash ALL", hex(all));
    out.line("transfer", "P2WPKH with change", hex(proved(10_000).pay(500, WITNESS)));
    out.line(
        "!not-ours",
        "P2SH around a witness",
        hex(new PsbtText().spend(1, 9, NESTED).pay(1, ELSEWHERE)));
    out.line(
        "!foreign-signer",
        "a Taproot input of another key",
        hex(proved(10_000).spend(2, 9, taproot(OURS))));
    out.line(
        "!not-ours",
        "a key's hash in P2PKH",
        hex(
            new PsbtText()
                .spend(1, 9, Bytes.ofHex("76a914" + WITNESS.hex().substring(4) + "88ac"))
                .pay(1, ELSEWHERE)));
  }

  private static void derivedLines(CorpusLines out) {
    out.line("transfer", "an input at 0/7", hex(derived(0, 7)));
    out.line("transfer", "an input at 1/7", hex(derived(1, 7)));
    var hardened = derived(0, 7);
    hardened.inputFields.getFirst().set(2, hint(6, key(0, 7), 0, 0x80000007L));
    out.line("!not-ours", "a hint with a hardened step", hex(hardened));
    var branch = derived(2, 7);
    out.line("!not-ours", "a third branch", hex(branch));
    var wrong = derived(0, 7);
    wrong.inputFields.getFirst().set(2, hint(6, key(0, 7), 0, 8));
    out.line("!not-ours", "a hint to another key", hex(wrong));
    var two = derived(0, 7);
    two.inputFields.getFirst().add(hint(6, key(0, 8), 0, 8));
    out.line("!not-ours", "two hints for one key's script", hex(two));
    var none = derived(0, 7);
    none.inputFields.getFirst().removeLast();
    out.line("!not-ours", "a derived key without a hint", hex(none));
    out.line("transfer", "change at 1/3", change(1, 3, 3));
    out.line("transfer", "change at the gap's end", change(1, 1007, 1007));
    out.line("transfer", "change beyond the gap is a payment", change(1, 1008, 1008));
    out.line("transfer", "our own receiving address is a payment", change(0, 3, 3));
    out.line("transfer", "false change: the hint leads elsewhere", change(1, 3, 4));
    out.line("transfer", "the group key's own script", hex(derived(0, 7).pay(500, WITNESS)));
  }

  static String change(long branch, long index, long hinted) {
    var text = derived(0, 7).pay(500, witness(key(branch, index)));
    text.outputFields.getLast().add(hint(2, key(branch, index), branch, hinted));
    return hex(text);
  }

  static PsbtText derived(long branch, long index) {
    var script = witness(key(branch, index));
    var text = spending(10_000, script).pay(9_000, ELSEWHERE);
    text.inputFields.getFirst().add(hint(6, key(branch, index), branch, index));
    return text;
  }

  /** A path under somebody's master key; only its last two steps are below the group key. */
  private static PsbtText.Field hint(int type, Bytes key, long branch, long index) {
    return new PsbtText.Field(
        Bytes.ofHex("%02x".formatted(type) + key.hex()),
        Bytes.of(
            new BitcoinWriter().u32(0x12345678).u32(0x80000054L).u32(branch).u32(index).toArray()));
  }

  static Bytes key(long branch, long index) {
    return CorpusLines.GROUP
        .child(branch)
        .flatMap(parent -> parent.child(index))
        .orElseThrow()
        .publicKey();
  }

  static PsbtText proved(long amount) {
    return spending(amount, WITNESS).pay(amount - 1_000, ELSEWHERE);
  }

  private static PsbtText spending(long amount, Bytes script) {
    var text = new PsbtText().spend(previous(amount, script).txid(), 0, amount, script);
    text.inputFields.getFirst().add(field(0, previous(amount, script)));
    return text;
  }

  private static BitcoinTransaction previous(long amount, Bytes script) {
    return new BitcoinTransaction(
        2,
        List.of(new BitcoinTransaction.Input(SolanaText.filled(9), 0, Bytes.ofHex(""), 0, 0)),
        List.of(new BitcoinTransaction.Output(amount, script, 0)),
        0);
  }

  private static PsbtText.Field field(int type, BitcoinTransaction transaction) {
    return PsbtText.Field.of(type, Bytes.of(transaction.encode()).hex());
  }

  static Bytes witness(Bytes key) {
    return Bytes.ofHex("0014" + Hash.hash160(key).hex());
  }

  private static String foreignChange() {
    var text = PsbtText.simple().pay(5_000, witness(CorpusLines.WITNESS_KEY));
    text.outputFields.getLast().add(hint(2, CorpusLines.WITNESS_KEY, 1, 3));
    return hex(text);
  }

  /** BIP-371's first valid case. Its key is ours; the network is mainnet here. */
  private static String retarget() {
    return Vectors.hex("bip371.valid.0").hex();
  }

  private static String global(String key, String value) {
    var text = PsbtText.simple();
    text.global.add(new PsbtText.Field(Bytes.ofHex(key), Bytes.ofHex(value)));
    return hex(text);
  }

  private static String input(String... keysAndValues) {
    var text = PsbtText.simple();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      text.inputFields
          .getFirst()
          .add(
              new PsbtText.Field(Bytes.ofHex(keysAndValues[i]), Bytes.ofHex(keysAndValues[i + 1])));
    }
    return hex(text);
  }

  private static String hex(PsbtText text) {
    return Bytes.of(text.write()).hex();
  }
}
