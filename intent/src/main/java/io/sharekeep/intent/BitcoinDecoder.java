package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.CHAIN_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.FOREIGN_SIGNER;
import static io.sharekeep.intent.RefusalCode.NOT_OURS;
import static io.sharekeep.intent.RefusalCode.OVERSPENT;
import static io.sharekeep.intent.RefusalCode.SCRIPT_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.UNSPENDABLE;
import static io.sharekeep.intent.RefusalCode.VERSION;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Purpose {@code btc.tx}: a PSBT in which every input spends our Taproot output key by its key path
 * with SIGHASH_DEFAULT. Such a digest commits to the amounts and scripts of all inputs, so a false
 * {@code witness_utxo} yields a signature that no chain accepts, never a hidden fee.
 */
final class BitcoinDecoder {
  /** Versions that are standard to relay; later ones may mean what we do not know. */
  private static final long MAX_VERSION = 3;

  /** BIP-125: a sequence number below this says that the transaction may be replaced. */
  private static final long FINAL_FOR_REPLACEMENT = 0xfffffffeL;

  private BitcoinDecoder() {}

  static Intent decode(byte[] payload, Account account) {
    var network =
        BitcoinNetwork.of(account.chain())
            .orElseThrow(
                () -> new Refusal(CHAIN_UNKNOWN, 0, "the key's chain is not a Bitcoin network"));
    var psbt = Psbt.parse(payload);
    var transaction = psbt.transaction();
    if (transaction.version() < 1 || transaction.version() > MAX_VERSION) {
      throw new Refusal(VERSION, 0, "transaction versions 1 to 3 are read");
    }
    ours(psbt, account);
    var fee = fee(psbt);

    var transfers = new ArrayList<Transfer>();
    var warnings = new ArrayList<Warning>();
    for (var output : transaction.outputs()) {
      if (carriesData(output)) {
        if (!warnings.contains(Warning.CARRIES_DATA)) {
          warnings.add(Warning.CARRIES_DATA);
        }
      } else {
        transfer(output, account, network).ifPresent(transfers::add);
      }
    }
    if (transfers.isEmpty()) {
      warnings.add(Warning.PAYS_ONLY_SELF);
    }
    return new Intent(
        account.chain(),
        Kind.TRANSFER,
        transfers,
        List.of(),
        List.of(),
        new Fee(AssetId.bitcoin(account.chain()), BigInteger.valueOf(fee)),
        validity(transaction),
        inputs(psbt),
        warnings);
  }

  /** Every input must be ours: one that is not could be somebody's to sign or to withhold. */
  private static void ours(Psbt psbt, Account account) {
    boolean any = psbt.spent().stream().anyMatch(spent -> isOurs(spent, account));
    for (var spent : psbt.spent()) {
      if (!isOurs(spent, account)) {
        throw new Refusal(
            any ? FOREIGN_SIGNER : NOT_OURS,
            spent.offset(),
            any ? "an input is not our key's" : "no input is our key's");
      }
    }
  }

  private static boolean isOurs(BitcoinTransaction.Output output, Account account) {
    return OutputScript.of(output.script().toArray())
        .filter(script -> script.form() == OutputScript.Form.P2TR)
        .filter(script -> script.program().equals(account.key()))
        .isPresent();
  }

  private static long fee(Psbt psbt) {
    long in = psbt.spent().stream().mapToLong(BitcoinTransaction.Output::amount).sum();
    long out =
        psbt.transaction().outputs().stream().mapToLong(BitcoinTransaction.Output::amount).sum();
    if (in > BitcoinTransaction.MAX_MONEY) {
      throw new Refusal(
          RefusalCode.OUT_OF_RANGE,
          psbt.spent().getFirst().offset(),
          "inputs of more than 21 million coins");
    }
    if (out > in) {
      throw new Refusal(
          OVERSPENT,
          psbt.transaction().outputs().getFirst().offset(),
          "the outputs are more than the inputs");
    }
    return in - out;
  }

  /** OP_RETURN: nobody can ever spend it, so it may carry bytes but no value. */
  private static boolean carriesData(BitcoinTransaction.Output output) {
    boolean data = output.script().length() > 0 && output.script().at(0) == 0x6a;
    if (data && output.amount() != 0) {
      throw new Refusal(UNSPENDABLE, output.offset(), "an OP_RETURN output that carries value");
    }
    return data;
  }

  /** Nothing for change. It is change only if it pays the very key that all inputs come from. */
  private static Optional<Transfer> transfer(
      BitcoinTransaction.Output output, Account account, BitcoinNetwork network) {
    var script =
        OutputScript.of(output.script().toArray())
            .orElseThrow(() ->
                new Refusal(SCRIPT_UNKNOWN, output.offset(), "an output's script has no address"));
    if (isOurs(output, account)) {
      return Optional.empty();
    }
    if (script.form() == OutputScript.Form.P2TR && !Secp256k1.isX(script.program())) {
      throw new Refusal(
          UNSPENDABLE, output.offset(), "a Taproot output whose key is no point of the curve");
    }
    return Optional.of(
        new Transfer(
            AssetId.bitcoin(account.chain()),
            new Destination(account.chain(), script.address(network)),
            BigInteger.valueOf(output.amount())));
  }

  private static Validity validity(BitcoinTransaction transaction) {
    return new Validity.Outpoints(
        transaction.lockTime(),
        transaction.inputs().stream().anyMatch(i -> i.sequence() < FINAL_FOR_REPLACEMENT),
        transaction.inputs().stream()
            .map(input -> new Validity.Outpoint(input.shownTxid(), input.previousIndex()))
            .toList());
  }

  private static List<SigningInput> inputs(Psbt psbt) {
    var digests = new Bip341(psbt.transaction(), psbt.spent());
    var inputs = new ArrayList<SigningInput>();
    for (int i = 0; i < psbt.spent().size(); i++) {
      inputs.add(
          new SigningInput(
              i, SigningInput.Scheme.BIP340, "m", SigningInput.Tweak.BIP86, digests.digest(i)));
    }
    return inputs;
  }

  /** The final transaction: each input's witness is its one signature of 64 bytes (DEFAULT). */
  static SignedTransaction assemble(byte[] payload, List<byte[]> signatures) {
    var transaction = Psbt.parse(payload).transaction();
    return new SignedTransaction(
        Bytes.of(transaction.encodeWithWitnesses(signatures)),
        BitcoinTransaction.reversedHex(transaction.txid()));
  }
}
