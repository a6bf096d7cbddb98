package io.sharekeep.intent;

import static io.sharekeep.intent.PsbtText.OURS;
import static io.sharekeep.intent.PsbtText.taproot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.SigHash;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import fr.acinq.secp256k1.Secp256k1;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Bip341Test {
  private static final BitcoinTransaction TRANSACTION =
      BitcoinTransaction.parseUnsigned(new PayloadReader(Vectors.hex("bip341.tx").toArray()));
  private static final List<BitcoinTransaction.Output> SPENT = spent();

  @Test
  void theMessageAndDigestAreThoseOfTheWalletVector() {
    var digests = new Bip341(TRANSACTION, SPENT);
    assertEquals(Vectors.hex("bip341.sigMsg.4"), digests.message(4));
    assertEquals(Vectors.hex("bip341.sigHash.4"), digests.digest(4));
  }

  @Test
  void theVectorsSignatureVerifiesOverOurDigest() {
    assertTrue(
        Secp256k1.get()
            .verifySchnorr(
                Vectors.hex("bip341.witness.4").toArray(),
                new Bip341(TRANSACTION, SPENT).digest(4).toArray(),
                Bytes.of(SPENT.get(4).script().toArray(), 2, 34).toArray()));
  }

  @Test
  void theVectorAsAPsbtIsReadAndThenRefusedForItsForeignInputs() {
    var text = new PsbtText();
    text.version = TRANSACTION.version();
    text.lockTime = TRANSACTION.lockTime();
    for (int i = 0; i < SPENT.size(); i++) {
      var input = TRANSACTION.inputs().get(i);
      text.spend(
          input.previousTxid(),
          input.previousIndex(),
          SPENT.get(i).amount(),
          SPENT.get(i).script());
      text.inputs.set(i, input);
    }
    TRANSACTION.outputs().forEach(output -> text.pay(output.amount(), output.script()));
    var psbt = Psbt.parse(text.write());
    assertEquals(
        Vectors.hex("bip341.sigHash.4"), new Bip341(psbt.transaction(), psbt.spent()).digest(4));

    var key = Bytes.of(SPENT.get(4).script().toArray(), 2, 34);
    Answers.refused(
        RefusalCode.FOREIGN_SIGNER,
        Decoders.decode(Purpose.BTC_TX, text.write(), new Account(ChainId.BITCOIN, key)));
  }

  static LongStream seeds() {
    return new SplittableRandom(20261122).longs(100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void digestsAgreeWithBitcoinKmp(long seed) {
    var random = new SplittableRandom(seed);
    var text = new PsbtText();
    text.version = 1L + random.nextInt(3);
    text.lockTime = random.nextLong(1L << 32);
    var kmpSpent = new ArrayList<TxOut>();
    int inputs = 1 + random.nextInt(4);
    for (int i = 0; i < inputs; i++) {
      var txid = new byte[32];
      random.nextBytes(txid);
      long amount = random.nextLong(1_000_000_000L);
      text.spend(Bytes.of(txid), random.nextLong(1L << 32), amount, taproot(OURS));
      var input = text.inputs.getLast();
      text.inputs.set(
          i,
          new BitcoinTransaction.Input(
              input.previousTxid(),
              input.previousIndex(),
              input.script(),
              random.nextLong(1L << 32),
              0));
      kmpSpent.add(TxOut.read(PsbtText.output(amount, taproot(OURS)).toArray()));
    }
    for (int i = 0; i <= random.nextInt(4); i++) {
      text.pay(random.nextLong(1_000_000L), PsbtText.ELSEWHERE);
    }
    var psbt = Psbt.parse(text.write());
    var digests = new Bip341(psbt.transaction(), psbt.spent());
    var kmp = Transaction.read(psbt.transaction().encode());
    for (int i = 0; i < inputs; i++) {
      assertEquals(
          kmp.hashForSigningTaprootKeyPath(i, kmpSpent, SigHash.SIGHASH_DEFAULT, null).toHex(),
          digests.digest(i).hex());
    }
  }

  private static List<BitcoinTransaction.Output> spent() {
    return Vectors.series("bip341.spent").stream()
        .map(text -> {
          int colon = text.indexOf(':');
          return new BitcoinTransaction.Output(
              Long.parseLong(text.substring(0, colon)), Bytes.ofHex(text.substring(colon + 1)), 0);
        })
        .toList();
  }
}
