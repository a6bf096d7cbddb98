package io.sharekeep.intent;

import static io.sharekeep.intent.Answers.decoded;
import static io.sharekeep.intent.Answers.refused;
import static io.sharekeep.intent.Answers.refusedAt;
import static io.sharekeep.intent.PsbtText.ELSEWHERE;
import static io.sharekeep.intent.PsbtText.OURS;
import static io.sharekeep.intent.PsbtText.taproot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.secp256k1.Secp256k1;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BitcoinDecoderTest {
  private static final Account ACCOUNT = new Account(ChainId.BITCOIN_TESTNET3, OURS);
  private static final byte[] BIP371 = Vectors.hex("bip371.valid.0").toArray();

  /** The signature that BIP-371's second valid PSBT carries for the first one. */
  private static final Bytes BIP371_SIGNATURE =
      Bytes.ofHex(
          "bb53ec917bad9d906af1ba87181c48b86ace5aae2b53605a725ca74625631476"
              + "fc6f5baedaf4f2ee0f477f36f58f3970d5b8273b7e497b97af2e3f125c97af34");

  @Test
  void aPublishedPsbtIsReadAsWhatItIs() {
    var intent = decoded(decode(BIP371));
    assertEquals(Kind.TRANSFER, intent.kind());
    assertEquals(
        List.of(
            new Transfer(
                AssetId.bitcoin(ChainId.BITCOIN_TESTNET3),
                new Destination(
                    ChainId.BITCOIN_TESTNET3, "tb1qw68pa66v7ssgvcpnlq9valc0jus8gjtfxv55xr"),
                BigInteger.valueOf(4_999_997_000L))),
        intent.transfers());
    assertEquals(BigInteger.valueOf(3_000), intent.fee().most());
    assertEquals(
        new Validity.Outpoints(
            0,
            false,
            List.of(
                new Validity.Outpoint(
                    "42b224669be683585854193052ef88b1efe2ee963af26c0dfe2730bfba4a7427", 0))),
        intent.validity());
  }

  @Test
  void theDigestIsTheOneThatThePublishedSignatureCovers() {
    var input = decoded(decode(BIP371)).inputs().getFirst();
    assertEquals(SigningInput.Scheme.BIP340, input.scheme());
    assertEquals(SigningInput.Tweak.BIP86, input.tweak());
    assertTrue(
        Secp256k1.get()
            .verifySchnorr(BIP371_SIGNATURE.toArray(), input.bytes().toArray(), OURS.toArray()));
  }

  @Test
  void assemblyGivesATransactionThatBitcoinKmpReadsAsTheSame() {
    var signed =
        Decoders.assemble(Purpose.BTC_TX, BIP371, ACCOUNT, List.of(BIP371_SIGNATURE.toArray()));
    var read = fr.acinq.bitcoin.Transaction.read(signed.bytes().toArray());
    assertEquals(signed.id(), read.txid.toString());
    var witness = read.txIn.getFirst().witness.stack;
    assertEquals(1, witness.size());
    assertEquals(BIP371_SIGNATURE.hex(), witness.getFirst().toHex());
    assertEquals(signed.bytes().hex(), Bytes.of(fr.acinq.bitcoin.Transaction.write(read)).hex());
  }

  @Test
  void whatPaysOurOwnKeyIsChange() {
    var intent = decoded(decode(PsbtText.simple().pay(5_000, taproot(OURS)).write()));
    assertEquals(1, intent.transfers().size());
    assertEquals(BigInteger.valueOf(5_000), intent.fee().most());
  }

  @Test
  void aHintOfChangeMakesNoChange() {
    var psbt = PsbtText.simple();
    psbt.outputFields
        .getFirst()
        .add(
            new PsbtText.Field(
                Bytes.ofHex("02" + "02" + "11".repeat(32)), Bytes.ofHex("00".repeat(24))));
    assertEquals(1, decoded(decode(psbt.write())).transfers().size());
  }

  @Test
  void everyInputOfOursIsOneSignature() {
    var psbt = PsbtText.simple().spend(2, 7, taproot(OURS)).spend(3, 8, taproot(OURS));
    var inputs = decoded(decode(psbt.write())).inputs();
    assertEquals(List.of(0, 1, 2), inputs.stream().map(SigningInput::index).toList());
    assertEquals(3, inputs.stream().map(SigningInput::bytes).distinct().count());
  }

  @Test
  void consolidationPaysOnlyOurselves() {
    var psbt = new PsbtText().spend(1, 100, taproot(OURS)).pay(90, taproot(OURS));
    assertEquals(List.of(Warning.PAYS_ONLY_SELF), decoded(decode(psbt.write())).warnings());
  }

  @Test
  void dataIsSaidAndMayCarryNoValue() {
    var data = Bytes.ofHex("6a0401020304");
    assertEquals(
        List.of(Warning.CARRIES_DATA),
        decoded(decode(PsbtText.simple().pay(0, data).write())).warnings());
    refused(RefusalCode.UNSPENDABLE, decode(PsbtText.simple().pay(1, data).write()));
  }

  @Test
  void anInputOfSomebodyElseIsRefused() {
    var psbt = PsbtText.simple().spend(2, 7, ELSEWHERE);
    refused(RefusalCode.FOREIGN_SIGNER, decode(psbt.write()));
  }

  @Test
  void aPsbtWithoutOurKeyIsNotOurs() {
    refused(
        RefusalCode.NOT_OURS,
        decode(new PsbtText().spend(1, 9, ELSEWHERE).pay(1, ELSEWHERE).write()));
  }

  @Test
  void payingOutMoreThanComesInIsRefused() {
    refused(RefusalCode.OVERSPENT, decode(PsbtText.simple().pay(10_001, ELSEWHERE).write()));
  }

  @Test
  void anOutputWithoutAnAddressIsRefused() {
    for (var script : List.of("", "51", "5114" + "00".repeat(20), "0010" + "00".repeat(16))) {
      refused(
          RefusalCode.SCRIPT_UNKNOWN,
          decode(PsbtText.simple().pay(1, Bytes.ofHex(script)).write()));
    }
  }

  @Test
  void aTaprootOutputThatNobodyCouldSpendIsRefused() {
    // x = 0 has no point: 7 is no square modulo p. x >= p is no field element.
    for (var key : List.of("00".repeat(32), "ff".repeat(32))) {
      refused(
          RefusalCode.UNSPENDABLE,
          decode(PsbtText.simple().pay(1, Bytes.ofHex("5120" + key)).write()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"01000000", "02000000", "03000000", "81000000", "83000000"})
  void anotherSignatureHashTypeIsRefused(String type) {
    var psbt = PsbtText.simple();
    psbt.inputFields.getFirst().add(PsbtText.Field.of(3, type));
    refused(RefusalCode.SIGHASH, decode(psbt.write()));
  }

  @Test
  void theDefaultSignatureHashTypeMayBeSaid() {
    var psbt = PsbtText.simple();
    psbt.inputFields.getFirst().add(PsbtText.Field.of(3, "00000000"));
    decoded(decode(psbt.write()));
  }

  @ParameterizedTest
  @CsvSource({
    "2, ALREADY_SIGNED",
    "7, ALREADY_SIGNED",
    "8, ALREADY_SIGNED",
    "19, ALREADY_SIGNED",
    "4, NESTED_SEGWIT",
    "5, SCRIPT_PATH",
    "20, SCRIPT_PATH",
    "21, SCRIPT_PATH",
    "24, SCRIPT_PATH",
    "6, OUT_OF_RANGE",
    "9, FIELD_UNKNOWN",
    "14, FIELD_UNKNOWN",
    "25, FIELD_UNKNOWN",
    "252, FIELD_UNKNOWN"
  })
  void fieldsOfAnInputThatWeDoNotReadAreRefused(int type, RefusalCode code) {
    var psbt = PsbtText.simple();
    psbt.inputFields.getFirst().add(PsbtText.Field.of(type, "00"));
    refused(code, decode(psbt.write()));
  }

  @Test
  void aSecondVersionOfThePsbtFormatIsRefused() {
    var versioned = PsbtText.simple();
    versioned.global.add(PsbtText.Field.of(0xfb, "02000000"));
    refused(RefusalCode.PSBT_VERSION_2, decode(versioned.write()));
    var fields = PsbtText.simple();
    fields.global.add(PsbtText.Field.of(0x02, "02000000"));
    refused(RefusalCode.PSBT_VERSION_2, decode(fields.write()));
  }

  @Test
  void versionZeroMayBeSaid() {
    var psbt = PsbtText.simple();
    psbt.global.add(PsbtText.Field.of(0xfb, "00000000"));
    decoded(decode(psbt.write()));
  }

  @Test
  void unknownGlobalAndOutputFieldsAreRefused() {
    var global = PsbtText.simple();
    global.global.add(PsbtText.Field.of(0xfc, "00"));
    refused(RefusalCode.FIELD_UNKNOWN, decode(global.write()));
    var output = PsbtText.simple();
    output.outputFields.getFirst().add(PsbtText.Field.of(0, "00"));
    refused(RefusalCode.FIELD_UNKNOWN, decode(output.write()));
  }

  @Test
  void aFieldThatComesTwiceIsRefused() {
    var psbt = PsbtText.simple();
    var fields = psbt.inputFields.getFirst();
    fields.add(fields.getFirst());
    refused(RefusalCode.DUPLICATE, decode(psbt.write()));
  }

  @Test
  void anOutpointSpentTwiceIsRefused() {
    refused(RefusalCode.DUPLICATE, decode(PsbtText.simple().spend(1, 5, taproot(OURS)).write()));
  }

  @Test
  void anInputWithoutTheOutputItSpendsIsRefused() {
    var psbt = PsbtText.simple();
    psbt.inputFields.getFirst().clear();
    refused(RefusalCode.FIELD_MISSING, decode(psbt.write()));
  }

  @Test
  void aPreviousTransactionMustSayTheSame() {
    var previous = new PsbtText().spend(9, 0, ELSEWHERE).pay(100_000, taproot(OURS)).transaction();
    var bytes = Bytes.of(previous.encode()).hex();

    var agreeing =
        new PsbtText().spend(previous.txid(), 0, 100_000, taproot(OURS)).pay(1, ELSEWHERE);
    agreeing.inputFields.getFirst().add(PsbtText.Field.of(0, bytes));
    decoded(decode(agreeing.write()));

    var otherAmount =
        new PsbtText().spend(previous.txid(), 0, 100_001, taproot(OURS)).pay(1, ELSEWHERE);
    otherAmount.inputFields.getFirst().add(PsbtText.Field.of(0, bytes));
    refused(RefusalCode.AMOUNT_UNPROVED, decode(otherAmount.write()));

    var otherIndex =
        new PsbtText().spend(previous.txid(), 1, 100_000, taproot(OURS)).pay(1, ELSEWHERE);
    otherIndex.inputFields.getFirst().add(PsbtText.Field.of(0, bytes));
    refused(RefusalCode.AMOUNT_UNPROVED, decode(otherIndex.write()));

    var otherTransaction = PsbtText.simple();
    otherTransaction.inputFields.getFirst().add(PsbtText.Field.of(0, bytes));
    refused(RefusalCode.AMOUNT_UNPROVED, decode(otherTransaction.write()));
  }

  @Test
  void amountsBeyondAllCoinsAreRefused() {
    long all = BitcoinTransaction.MAX_MONEY;
    refused(RefusalCode.OUT_OF_RANGE, decode(PsbtText.simple().pay(all + 1, ELSEWHERE).write()));
    refused(RefusalCode.OUT_OF_RANGE, decode(PsbtText.simple().pay(all, ELSEWHERE).write()));
    refused(RefusalCode.OUT_OF_RANGE, decode(PsbtText.simple().pay(-1, ELSEWHERE).write()));
    refused(
        RefusalCode.OUT_OF_RANGE, decode(PsbtText.simple().spend(2, all, taproot(OURS)).write()));
  }

  /** Four times 2^62 is 0 in 64 bits. */
  @Test
  void amountsThatWouldWrapAroundAreRefused() {
    var paid = PsbtText.simple();
    var spent = PsbtText.simple();
    for (int i = 0; i < 4; i++) {
      paid.pay(1L << 62, ELSEWHERE);
      spent.spend(10 + i, 1L << 62, taproot(OURS));
    }
    refused(RefusalCode.OUT_OF_RANGE, decode(paid.write()));
    refused(RefusalCode.OUT_OF_RANGE, decode(spent.write()));
  }

  @Test
  void aScriptHashThatEqualsOurKeyIsNotOurs() {
    var sameBytes = Bytes.ofHex("0020" + OURS.hex());
    refused(RefusalCode.FOREIGN_SIGNER, decode(PsbtText.simple().spend(2, 9, sameBytes).write()));
    assertEquals(
        2, decoded(decode(PsbtText.simple().pay(9, sameBytes).write())).transfers().size());
  }

  @Test
  void whetherItMayBeReplacedIsSaid() {
    for (long sequence : new long[] {0, 0xfffffffdL, 0xfffffffeL, 0xffffffffL}) {
      var psbt = PsbtText.simple();
      var input = psbt.inputs.getFirst();
      psbt.inputs.set(
          0,
          new BitcoinTransaction.Input(
              input.previousTxid(), input.previousIndex(), input.script(), sequence, 0));
      var validity = (Validity.Outpoints) decoded(decode(psbt.write())).validity();
      assertEquals(sequence < 0xfffffffeL, validity.replaceable(), "sequence " + sequence);
    }
  }

  @Test
  void aTransactionWithoutInputsOrOutputsIsRefused() {
    refused(RefusalCode.FIELD_MISSING, decode(new PsbtText().pay(1, ELSEWHERE).write()));
    refused(RefusalCode.FIELD_MISSING, decode(new PsbtText().spend(1, 9, taproot(OURS)).write()));
  }

  @Test
  void bytesAfterTheEndOfAFieldAreRefused() {
    var previous = new PsbtText().spend(9, 0, ELSEWHERE).pay(100_000, taproot(OURS)).transaction();
    var proof = new PsbtText().spend(previous.txid(), 0, 100_000, taproot(OURS)).pay(1, ELSEWHERE);
    proof
        .inputFields
        .getFirst()
        .add(PsbtText.Field.of(0, Bytes.of(previous.encode()).hex() + "00"));
    refused(RefusalCode.TRAILING_BYTES, decode(proof.write()));

    var utxo = PsbtText.simple();
    var stated = utxo.inputFields.getFirst().removeFirst();
    utxo.inputFields.getFirst().add(PsbtText.Field.of(1, stated.value().hex() + "00"));
    refused(RefusalCode.TRAILING_BYTES, decode(utxo.write()));

    var transaction = PsbtText.simple();
    transaction.afterTransaction = "00";
    refused(RefusalCode.TRAILING_BYTES, decode(transaction.write()));
  }

  /** BIP-144 puts the witnesses between outputs and lock time; a txid does not cover them. */
  @Test
  void aPreviousTransactionMayCarryWitnesses() {
    var previous = new PsbtText().spend(9, 0, ELSEWHERE).pay(100_000, taproot(OURS)).transaction();
    var withWitness = Bytes.of(previous.encodeWithWitnesses(List.of(List.of(new byte[64])))).hex();
    var psbt = new PsbtText().spend(previous.txid(), 0, 100_000, taproot(OURS)).pay(1, ELSEWHERE);
    psbt.inputFields.getFirst().add(PsbtText.Field.of(0, withWitness));
    decoded(decode(psbt.write()));

    var otherFlag =
        new PsbtText().spend(previous.txid(), 0, 100_000, taproot(OURS)).pay(1, ELSEWHERE);
    otherFlag
        .inputFields
        .getFirst()
        .add(PsbtText.Field.of(0, withWitness.substring(0, 10) + "02" + withWitness.substring(12)));
    refused(RefusalCode.FIELD_UNKNOWN, decode(otherFlag.write()));
  }

  @Test
  void aPreviousTransactionWithAnotherScriptIsRefused() {
    var previous = new PsbtText().spend(9, 0, ELSEWHERE).pay(100_000, ELSEWHERE).transaction();
    var psbt = new PsbtText().spend(previous.txid(), 0, 100_000, taproot(OURS)).pay(1, ELSEWHERE);
    psbt.inputFields.getFirst().add(PsbtText.Field.of(0, Bytes.of(previous.encode()).hex()));
    refused(RefusalCode.AMOUNT_UNPROVED, decode(psbt.write()));
  }

  @Test
  void fieldsOfTheWrongFormAreRefused() {
    var key = "22".repeat(32);
    for (var field :
        List.of(
            new PsbtText.Field(Bytes.ofHex("0100"), Bytes.ofHex("00")),
            new PsbtText.Field(Bytes.ofHex("0300"), Bytes.ofHex("00000000")),
            PsbtText.Field.of(3, "0000000000"),
            PsbtText.Field.of(0x17, "33".repeat(33)),
            new PsbtText.Field(Bytes.ofHex("16" + key + "00"), Bytes.ofHex("00" + "00".repeat(4))),
            new PsbtText.Field(Bytes.ofHex("16" + key), Bytes.ofHex("00" + "00".repeat(5))),
            new PsbtText.Field(Bytes.ofHex("16" + key), Bytes.ofHex("00")))) {
      var psbt = PsbtText.simple();
      psbt.inputFields.getFirst().add(field);
      assertTrue(decode(psbt.write()) instanceof Decoding.Refused, field.toString());
    }
  }

  @Test
  void moreThan256InputsOrOutputsAreRefused() {
    var psbt = PsbtText.simple();
    for (int i = 0; i < 256; i++) {
      psbt.pay(1, ELSEWHERE);
    }
    refused(RefusalCode.TOO_LARGE, decode(psbt.write()));
  }

  @Test
  void signedInputsAreRefused() {
    var psbt = PsbtText.simple();
    psbt.inputs.set(
        0, new BitcoinTransaction.Input(Bytes.of(new byte[32]), 0, Bytes.ofHex("51"), 0, 0));
    refused(RefusalCode.ALREADY_SIGNED, decode(psbt.write()));
  }

  @Test
  void anUnknownTransactionVersionIsRefused() {
    for (long version : new long[] {0, 4, 0xffffffffL}) {
      var psbt = PsbtText.simple();
      psbt.version = version;
      refused(RefusalCode.VERSION, decode(psbt.write()));
    }
  }

  @Test
  void everyTruncationIsRefused() {
    for (int length = 0; length < BIP371.length; length++) {
      var code = decode(Arrays.copyOf(BIP371, length));
      assertTrue(code instanceof Decoding.Refused, "cut to " + length);
    }
  }

  @Test
  void aTrailingByteIsRefusedWhereItStands() {
    refusedAt(
        BIP371.length,
        RefusalCode.TRAILING_BYTES,
        decode(Arrays.copyOf(BIP371, BIP371.length + 1)));
  }

  @Test
  void aLengthWrittenTooLongIsRefused() {
    // The first key's length: 01 becomes fd 01 00.
    var longer = new byte[BIP371.length + 2];
    System.arraycopy(BIP371, 0, longer, 0, 5);
    longer[5] = (byte) 0xfd;
    longer[6] = 1;
    System.arraycopy(BIP371, 6, longer, 8, BIP371.length - 6);
    refusedAt(5, RefusalCode.NOT_CANONICAL, decode(longer));
  }

  @Test
  void theInvalidPsbtsOfBip371AreRefused() {
    var invalid = Vectors.series("bip371.invalid");
    assertEquals(11, invalid.size());
    for (var psbt : invalid) {
      assertTrue(
          Decoders.decode(Purpose.BTC_TX, Bytes.ofHex(psbt).toArray(), ACCOUNT)
              instanceof Decoding.Refused);
    }
  }

  @Test
  void theValidPsbtsOfBip371ThatAreNotAKeyPathToSignAreRefusedForThat() {
    refused(RefusalCode.ALREADY_SIGNED, decode(Vectors.hex("bip371.valid.1").toArray()));
    decoded(decode(Vectors.hex("bip371.valid.2").toArray()));
    refused(RefusalCode.SCRIPT_PATH, decode(Vectors.hex("bip371.valid.3").toArray()));
    // A tree of scripts for an output: how the receiver may spend it is not ours to read.
    refused(RefusalCode.FIELD_UNKNOWN, decode(Vectors.hex("bip371.valid.4").toArray()));
    refused(RefusalCode.SCRIPT_PATH, decode(Vectors.hex("bip371.valid.5").toArray()));
  }

  @Test
  void aSolanaKeyReadsNoBitcoin() {
    refused(
        RefusalCode.CHAIN_UNKNOWN,
        Decoders.decode(Purpose.BTC_TX, BIP371, new Account(ChainId.SOLANA, OURS)));
  }

  @Test
  void anUnknownPurposeIsRefused() {
    refused(RefusalCode.PURPOSE_UNKNOWN, Decoders.decode("raw.digest", BIP371, ACCOUNT));
  }

  @Test
  void whatIsLargerThanAnyPayloadIsNotLookedAt() {
    refused(RefusalCode.TOO_LARGE, decode(new byte[Decoders.MAX_PAYLOAD + 1]));
  }

  private static Decoding decode(byte[] psbt) {
    return Decoders.decode("btc.tx", psbt, ACCOUNT);
  }
}
