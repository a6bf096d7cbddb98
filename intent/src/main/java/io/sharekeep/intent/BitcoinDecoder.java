package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.AMOUNT_UNPROVED;
import static io.sharekeep.intent.RefusalCode.CHAIN_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.FEE_EXCESSIVE;
import static io.sharekeep.intent.RefusalCode.FOREIGN_SIGNER;
import static io.sharekeep.intent.RefusalCode.NOT_OURS;
import static io.sharekeep.intent.RefusalCode.OVERSPENT;
import static io.sharekeep.intent.RefusalCode.SCRIPT_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.SIGHASH;
import static io.sharekeep.intent.RefusalCode.UNSPENDABLE;
import static io.sharekeep.intent.RefusalCode.VERSION;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Purpose {@code btc.tx}: a PSBT in which every input is ours, by Taproot's key path with
 * SIGHASH_DEFAULT or by P2WPKH with SIGHASH_ALL. The first commits to the amounts and scripts of
 * all inputs, so a false {@code witness_utxo} yields a signature that no chain accepts, never a
 * hidden fee. The second does not: there every input needs its whole previous transaction.
 */
final class BitcoinDecoder {
  /** Versions that are standard to relay; later ones may mean what we do not know. */
  private static final long MAX_VERSION = 3;

  /** BIP-125: a sequence number below this says that the transaction may be replaced. */
  private static final long FINAL_FOR_REPLACEMENT = 0xfffffffeL;

  /** Satoshis for each virtual byte. Bitcoin Core does not send what pays more, unless told to. */
  private static final long MAX_RATE = 10_000;

  /** How far beyond the highest index of our inputs a change output may lie, to be found again. */
  private static final long GAP = 1000;

  private final Psbt psbt;
  private final BitcoinNetwork network;
  private final ChainId chain;
  private final BitcoinKeys keys;
  private final List<Ours> ours;

  /** An input of ours. */
  private record Ours(OutputScript script, BitcoinKeys.Owned owned) {
    boolean isTaproot() {
      return script.form() == OutputScript.Form.P2TR;
    }
  }

  private BitcoinDecoder(byte[] payload, View view) {
    this.chain = view.chain().orElse(ChainId.BITCOIN);
    this.network =
        BitcoinNetwork.of(chain)
            .orElseThrow(
                () -> new Refusal(CHAIN_UNKNOWN, 0, "the key's chain is not a Bitcoin network"));
    this.psbt = Psbt.parse(payload);
    this.keys =
        view.account().map(BitcoinKeys::of).orElseGet(() -> BitcoinKeys.assumed(psbt.spent()));
    var transaction = psbt.transaction();
    if (transaction.version() < 1 || transaction.version() > MAX_VERSION) {
      throw new Refusal(VERSION, 0, "transaction versions 1 to 3 are read");
    }
    this.ours = ours(psbt, keys);
    checkSighashes();
    checkProofs();
  }

  static Intent decode(byte[] payload, View view) {
    return new BitcoinDecoder(payload, view).intent(view.account().isEmpty());
  }

  private Intent intent(boolean onlooker) {
    var fee = fee();
    var transfers = new ArrayList<Transfer>();
    var warnings = new TreeSet<Warning>();
    var outputs = psbt.transaction().outputs();
    for (int i = 0; i < outputs.size(); i++) {
      if (carriesData(outputs.get(i))) {
        warnings.add(Warning.CARRIES_DATA);
      } else {
        transfer(outputs.get(i), psbt.outputHints().get(i), onlooker).ifPresent(transfers::add);
      }
    }
    if (transfers.isEmpty()) {
      warnings.add(Warning.PAYS_ONLY_SELF);
    }
    if (onlooker) {
      warnings.add(Warning.SIGNER_ASSUMED);
    }
    if (Warning.isHigh(fee, transfers)) {
      warnings.add(Warning.FEE_HIGH);
    }
    return new Intent(
        chain,
        Kind.TRANSFER,
        transfers,
        List.of(),
        List.of(),
        fee,
        validity(psbt.transaction()),
        inputs(),
        List.copyOf(warnings));
  }

  /** Every input must be ours: one that is not could be somebody's to sign or to withhold. */
  private static List<Ours> ours(Psbt psbt, BitcoinKeys keys) {
    var found = psbt.inputs().stream().map(input -> ours(input, keys)).toList();
    boolean any = found.stream().anyMatch(Optional::isPresent);
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).isEmpty()) {
        throw new Refusal(
            any ? FOREIGN_SIGNER : NOT_OURS,
            psbt.inputs().get(i).spent().offset(),
            any ? "an input is not our key's" : "no input is our key's");
      }
    }
    return found.stream().map(Optional::orElseThrow).toList();
  }

  private static Optional<Ours> ours(Psbt.Input input, BitcoinKeys keys) {
    return OutputScript.of(input.spent().script().toArray())
        .flatMap(script -> keys.find(script, input.hints()).map(owned -> new Ours(script, owned)));
  }

  private void checkSighashes() {
    for (int i = 0; i < ours.size(); i++) {
      long only = ours.get(i).isTaproot() ? 0 : 1;
      psbt.inputs()
          .get(i)
          .sighash()
          .filter(asked -> asked.type() != only)
          .ifPresent(asked -> {
            throw new Refusal(
                SIGHASH,
                asked.offset(),
                "only SIGHASH_DEFAULT (Taproot) and SIGHASH_ALL are signed");
          });
    }
  }

  /** CVE-2020-14199: a signature of P2WPKH says nothing about what the other inputs bring. */
  private void checkProofs() {
    if (ours.stream().allMatch(Ours::isTaproot)) {
      return;
    }
    for (var input : psbt.inputs()) {
      if (!input.proved()) {
        throw new Refusal(
            AMOUNT_UNPROVED,
            input.spent().offset(),
            "an input without its whole previous transaction (non_witness_utxo)");
      }
    }
  }

  private Fee fee() {
    var spent = psbt.spent();
    var outputs = psbt.transaction().outputs();
    long in = spent.stream().mapToLong(BitcoinTransaction.Output::amount).sum();
    long out = outputs.stream().mapToLong(BitcoinTransaction.Output::amount).sum();
    if (in > BitcoinTransaction.MAX_MONEY) {
      throw new Refusal(
          RefusalCode.OUT_OF_RANGE,
          spent.getFirst().offset(),
          "inputs of more than 21 million coins");
    }
    if (out > in) {
      throw new Refusal(
          OVERSPENT, outputs.getFirst().offset(), "the outputs are more than the inputs");
    }
    long rate = Math.ceilDiv(4 * (in - out), weight());
    if (rate > MAX_RATE) {
      throw new Refusal(
          FEE_EXCESSIVE,
          outputs.getFirst().offset(),
          "a fee of " + rate + " satoshis a virtual byte; the most is " + MAX_RATE);
    }
    return new Fee(
        AssetId.bitcoin(chain),
        BigInteger.valueOf(in - out),
        Optional.of(BigInteger.valueOf(rate)));
  }

  /** BIP-141, with the longest witnesses that we make. */
  private long weight() {
    long witnesses = 2;
    for (var input : ours) {
      // A count, then a length and 64 bytes; or a length and 72, a length and 33.
      witnesses += input.isTaproot() ? 66 : 108;
    }
    return 4L * psbt.transaction().encode().length + witnesses;
  }

  /** OP_RETURN: nobody can ever spend it, so it may carry bytes but no value. */
  private static boolean carriesData(BitcoinTransaction.Output output) {
    boolean data = output.script().length() > 0 && output.script().at(0) == 0x6a;
    if (data && output.amount() != 0) {
      throw new Refusal(UNSPENDABLE, output.offset(), "an OP_RETURN output that carries value");
    }
    return data;
  }

  /** Nothing for change. All else is a payment, our own receiving addresses too. */
  private Optional<Transfer> transfer(
      BitcoinTransaction.Output output, List<List<Long>> hints, boolean onlooker) {
    var script =
        OutputScript.of(output.script().toArray())
            .orElseThrow(() ->
                new Refusal(SCRIPT_UNKNOWN, output.offset(), "an output's script has no address"));
    if (isChange(script, hints, onlooker)) {
      return Optional.empty();
    }
    if (script.form() == OutputScript.Form.P2TR && !Secp256k1.isX(script.program())) {
      throw new Refusal(
          UNSPENDABLE, output.offset(), "a Taproot output whose key is no point of the curve");
    }
    return Optional.of(
        new Transfer(
            AssetId.bitcoin(chain),
            new Destination(chain, script.address(network)),
            BigInteger.valueOf(output.amount())));
  }

  private boolean isChange(OutputScript script, List<List<Long>> hints, boolean onlooker) {
    if (onlooker && ours.stream().map(Ours::script).distinct().count() > 1) {
      return false;
    }
    return keys.find(script, hints)
        .map(BitcoinKeys.Owned::path)
        .filter(path ->
            path.isEmpty()
                || (path.getFirst() == BitcoinKeys.CHANGE && path.getLast() <= highest() + GAP))
        .isPresent();
  }

  private long highest() {
    return ours.stream()
        .map(input -> input.owned().path())
        .filter(path -> !path.isEmpty())
        .mapToLong(List::getLast)
        .max()
        .orElse(0);
  }

  private static Validity validity(BitcoinTransaction transaction) {
    return new Validity.Outpoints(
        transaction.lockTime(),
        transaction.inputs().stream().anyMatch(i -> i.sequence() < FINAL_FOR_REPLACEMENT),
        transaction.inputs().stream()
            .map(input -> new Validity.Outpoint(input.shownTxid(), input.previousIndex()))
            .toList());
  }

  private List<SigningInput> inputs() {
    var taproot = new Bip341(psbt.transaction(), psbt.spent());
    var witness = new Bip143(psbt.transaction(), psbt.spent());
    var inputs = new ArrayList<SigningInput>();
    for (int i = 0; i < ours.size(); i++) {
      var path = ours.get(i).owned().shownPath();
      inputs.add(
          ours.get(i).isTaproot()
              ? new SigningInput(
                  i, SigningInput.Scheme.BIP340, path, SigningInput.Tweak.BIP86, taproot.digest(i))
              : new SigningInput(
                  i,
                  SigningInput.Scheme.ECDSA,
                  path,
                  SigningInput.Tweak.NONE,
                  witness.digest(i, ours.get(i).script().program())));
    }
    return inputs;
  }

  /**
   * The final transaction. A witness is one signature of 64 bytes (DEFAULT), or one in DER with its
   * type (ALL) and the key.
   */
  static SignedTransaction assemble(byte[] payload, View view, List<byte[]> signatures) {
    var decoder = new BitcoinDecoder(payload, view);
    var witnesses = new ArrayList<List<byte[]>>();
    for (int i = 0; i < signatures.size(); i++) {
      var input = decoder.ours.get(i);
      witnesses.add(
          input.isTaproot()
              ? List.of(signatures.get(i))
              : List.of(
                  new BitcoinWriter()
                      .bytes(Bytes.of(EcdsaSignature.of(signatures.get(i)).der()))
                      .u8(1)
                      .toArray(),
                  input.owned().key().orElseThrow().toArray()));
    }
    var transaction = decoder.psbt.transaction();
    return new SignedTransaction(
        Bytes.of(transaction.encodeWithWitnesses(witnesses)),
        BitcoinTransaction.reversedHex(transaction.txid()));
  }
}
