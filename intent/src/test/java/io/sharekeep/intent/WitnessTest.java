package io.sharekeep.intent;

import static io.sharekeep.intent.Answers.decoded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fr.acinq.bitcoin.ScriptFlags;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.secp256k1.Secp256k1;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** P2WPKH, by the BIP's example and by a node's script interpreter that is not ours. */
class WitnessTest {
  private static final byte[] SECRET = Bytes.ofHex("47".repeat(32)).toArray();
  private static final Bytes KEY =
      Bytes.of(Secp256k1.get().pubKeyCompress(Secp256k1.get().pubkeyCreate(SECRET)));
  private static final Account ACCOUNT = new Account(ChainId.BITCOIN, KEY);

  /** BIP-143, "Native P2WPKH". */
  @Test
  void theDigestOfTheBipsExampleIsOurs() {
    var transaction =
        BitcoinTransaction.parseUnsigned(
            new PayloadReader(
                Bytes.ofHex(
                        "0100000002fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad96"
                            + "9f0000000000eeffffffef51e1b804cc89d182d279655c3aa89e815b1b309fe287"
                            + "d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a9148280"
                            + "b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143b"
                            + "de42dbee7e4dbe6a21b2d50ce2f0167faa815988ac11000000")
                    .toArray()));
    var keyHash = Hash.hash160(CorpusLines.WITNESS_KEY);
    assertEquals("1d0f172a0ecb48aee1be1f2687d2963ae33f71a1", keyHash.hex());
    var spent =
        List.of(
            new BitcoinTransaction.Output(625_000_000, Bytes.ofHex(""), 0),
            new BitcoinTransaction.Output(600_000_000, Bytes.ofHex("0014" + keyHash.hex()), 0));
    assertEquals(
        "c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670",
        new Bip143(transaction, spent).digest(1, keyHash).hex());
  }

  @Test
  void bitcoinKmpsInterpreterAcceptsWhatWeAssemble() {
    var script = BitcoinCorpus.witness(KEY);
    var text = new PsbtText();
    var previous = new ArrayList<BitcoinTransaction>();
    for (int i = 0; i < 3; i++) {
      var transaction =
          new BitcoinTransaction(
              2,
              List.of(new BitcoinTransaction.Input(SolanaText.filled(i), 0, Bytes.ofHex(""), 0, 0)),
              List.of(new BitcoinTransaction.Output(50_000 + i, script, 0)),
              0);
      previous.add(transaction);
      text.spend(transaction.txid(), 0, 50_000 + i, script);
      text.inputFields.getLast().add(PsbtText.Field.of(0, Bytes.of(transaction.encode()).hex()));
    }
    text.pay(140_000, PsbtText.ELSEWHERE).pay(5_000, script);
    var intent = decoded(Decoders.decode(Purpose.BTC_TX, text.write(), ACCOUNT));
    assertEquals(1, intent.transfers().size());
    assertEquals(BigInteger.valueOf(5_003), intent.fee().most());
    var signatures =
        intent.inputs().stream()
            .map(input -> Secp256k1.get().sign(input.bytes().toArray(), SECRET, null))
            .toList();
    var signed = Decoders.assemble(Purpose.BTC_TX, text.write(), ACCOUNT, signatures);
    var read = Transaction.read(signed.bytes().toArray());
    assertEquals(signed.id(), read.txid.toString());
    Transaction.correctlySpends(
        read,
        previous.stream().map(p -> Transaction.read(p.encode())).toList(),
        ScriptFlags.STANDARD_SCRIPT_VERIFY_FLAGS);
    // The interpreter does look: with two witnesses exchanged it refuses.
    var swapped = new ArrayList<>(signatures);
    swapped.set(0, signatures.get(1));
    var wrong =
        Transaction.read(
            Decoders.assemble(Purpose.BTC_TX, text.write(), ACCOUNT, swapped).bytes().toArray());
    assertThrows(
        RuntimeException.class,
        () ->
            Transaction.correctlySpends(
                wrong,
                previous.stream().map(p -> Transaction.read(p.encode())).toList(),
                ScriptFlags.STANDARD_SCRIPT_VERIFY_FLAGS));
  }

  /** 208 weight units short of what is sent would be a wrong rate; bitcoin-kmp weighs the real. */
  @Test
  void theRateIsOverTheWeightThatIsSent() {
    var text = BitcoinCorpus.proved(10_000);
    var account = new Account(ChainId.BITCOIN, CorpusLines.WITNESS_KEY);
    var fee = decoded(Decoders.decode(Purpose.BTC_TX, text.write(), account)).fee();
    // One P2WPKH input, one P2WPKH output: 110 virtual bytes with the longest signature.
    assertEquals(BigInteger.valueOf(1_000), fee.most());
    assertEquals(BigInteger.valueOf((1_000 + 109) / 110), fee.rate().orElseThrow());
  }

  @Test
  void aDerivedInputIsSignedAtItsPathAndItsKeyIsShown() {
    var account = CorpusLine.View.DERIVED;
    var intent = decoded(account.decode(BitcoinCorpus.derived(1, 7).write()));
    assertEquals("m/1/7", intent.inputs().getFirst().path());
    assertEquals(SigningInput.Scheme.ECDSA, intent.inputs().getFirst().scheme());
    assertEquals(SigningInput.Tweak.NONE, intent.inputs().getFirst().tweak());
  }

  /** What the wallet's owner must see is what leaves; change at the gap's end still comes back. */
  @Test
  void onlyTheChangeBranchWithinTheGapIsChange() {
    assertPayments(1, 1, 3, 3);
    assertPayments(1, 1, 1007, 1007);
    assertPayments(2, 1, 1008, 1008);
    assertPayments(2, 0, 3, 3);
    assertPayments(2, 1, 3, 4);
  }

  private static void assertPayments(int expected, long branch, long index, long hinted) {
    var payload = Bytes.ofHex(BitcoinCorpus.change(branch, index, hinted)).toArray();
    assertEquals(expected, decoded(CorpusLine.View.DERIVED.decode(payload)).transfers().size());
  }

  @Test
  void aTaprootKeysChildrenAreItsOwn() {
    var group = CorpusLines.GROUP;
    var root = io.sharekeep.intent.Secp256k1.taprootOutput(group.publicKey()).orElseThrow();
    var account = new Account(ChainId.BITCOIN, root, java.util.Optional.of(group));
    var child = io.sharekeep.intent.Secp256k1.taprootOutput(BitcoinCorpus.key(1, 4)).orElseThrow();
    var text =
        new PsbtText()
            .spend(1, 10_000, PsbtText.taproot(root))
            .pay(5_000, PsbtText.ELSEWHERE)
            .pay(4_000, PsbtText.taproot(child));
    var origin = Bytes.ofHex("00" + "12345678" + "01000000" + "04000000");
    var hint = new PsbtText.Field(Bytes.ofHex("07" + child.hex()), origin);
    assertEquals(
        2, decoded(Decoders.decode(Purpose.BTC_TX, text.write(), account)).transfers().size());
    text.outputFields.getLast().add(hint);
    assertEquals(
        1, decoded(Decoders.decode(Purpose.BTC_TX, text.write(), account)).transfers().size());
  }
}
