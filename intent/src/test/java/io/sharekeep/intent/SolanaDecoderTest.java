package io.sharekeep.intent;

import static io.sharekeep.intent.Answers.decoded;
import static io.sharekeep.intent.Answers.refused;
import static io.sharekeep.intent.Answers.refusedAt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SolanaDecoderTest {
  private static final byte[] WIRE = Vectors.hex("solana.wire").toArray();
  private static final byte[] MESSAGE = Arrays.copyOfRange(WIRE, 65, WIRE.length);
  private static final byte[] SIGNATURE = Arrays.copyOfRange(WIRE, 1, 65);
  private static final Bytes PAYER = Bytes.of(MESSAGE, 4, 36);
  private static final Bytes OTHER = filled(7);
  private static final Bytes SYSTEM = filled(0);
  private static final Account ACCOUNT = new Account(ChainId.SOLANA, PAYER);

  /** Where the blockhash ends in {@link #MESSAGE}: 3 counts, 1 length, 3 accounts, the hash. */
  private static final int INSTRUCTIONS = 4 + 3 * 32 + 32;

  @Test
  void aPublishedTransferIsReadAsWhatItIs() {
    var intent = decoded(decode(MESSAGE));
    assertEquals(Kind.TRANSFER, intent.kind());
    assertEquals(
        List.of(
            new Transfer(
                AssetId.solana(ChainId.SOLANA),
                new Destination(ChainId.SOLANA, "J3dxNj7nDRRqRRXuEMynDG57DkZK4jYRuv3Garmb1i99"),
                BigInteger.valueOf(49))),
        intent.transfers());
    assertEquals(BigInteger.valueOf(5000), intent.fee().most());
    assertEquals(List.of(Warning.EXPIRES_SOON, Warning.FEE_HIGH), intent.warnings());
    assertTrue(
        new String(intent.canonicalJson(), java.nio.charset.StandardCharsets.UTF_8)
            .contains("EETubP5AKHgjPAhzPAFcb8BAY1hMH639CWCFTqi3hq1k"));
  }

  @Test
  void theBytesToSignAreTheOnesThatThePublishedSignatureCovers() throws GeneralSecurityException {
    var input = decoded(decode(MESSAGE)).inputs().getFirst();
    assertEquals(SigningInput.Scheme.ED25519, input.scheme());
    assertEquals(SigningInput.Tweak.NONE, input.tweak());

    var spki = HexFormat.of().parseHex("302a300506032b6570032100" + PAYER.hex());
    var verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
    verifier.update(input.bytes().toArray());
    assertTrue(verifier.verify(SIGNATURE));
  }

  @Test
  void assemblyGivesThePublishedTransaction() {
    var signed = Decoders.assemble(Purpose.SOL_TX, MESSAGE, ACCOUNT, List.of(SIGNATURE));
    assertEquals(Bytes.of(WIRE), signed.bytes());
    assertEquals(Base58.encode(SIGNATURE), signed.id());
  }

  @Test
  void assemblyRefusesAnotherCountOfSignatures() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Decoders.assemble(Purpose.SOL_TX, MESSAGE, ACCOUNT, List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Decoders.assemble(Purpose.SOL_TX, MESSAGE, ACCOUNT, List.of(SIGNATURE, SIGNATURE)));
  }

  @Test
  void severalTransfersAreAllNamed() {
    var third = filled(9);
    var message =
        message(
            1,
            0,
            1,
            List.of(PAYER, OTHER, third, SYSTEM),
            List.of(transfer(3, 0, 1, 10), transfer(3, 0, 2, Long.MAX_VALUE)));
    var amounts = decoded(decode(message)).transfers().stream().map(Transfer::amount).toList();
    assertEquals(List.of(BigInteger.TEN, BigInteger.valueOf(Long.MAX_VALUE)), amounts);
  }

  @Test
  void payingOnlyOurselvesIsSaid() {
    var message = message(1, 0, 1, List.of(PAYER, SYSTEM), List.of(transfer(1, 0, 0, 5)));
    assertTrue(decoded(decode(message)).warnings().contains(Warning.PAYS_ONLY_SELF));
  }

  @Test
  void aTrailingByteIsRefusedWhereItStands() {
    refusedAt(
        MESSAGE.length,
        RefusalCode.TRAILING_BYTES,
        decode(Arrays.copyOf(MESSAGE, MESSAGE.length + 1)));
  }

  @Test
  void everyTruncationIsRefused() {
    for (int length = 0; length < MESSAGE.length; length++) {
      refused(RefusalCode.TRUNCATED, decode(Arrays.copyOf(MESSAGE, length)));
    }
  }

  @Test
  void versionZeroIsReadAndLaterOnesAreNot() {
    var versioned = new byte[MESSAGE.length + 2];
    versioned[0] = (byte) 0x80;
    System.arraycopy(MESSAGE, 0, versioned, 1, MESSAGE.length);
    assertEquals(decoded(decode(MESSAGE)).transfers(), decoded(decode(versioned)).transfers());
    versioned[versioned.length - 1] = 1;
    refusedAt(versioned.length - 1, RefusalCode.LOOKUP_TABLE, decode(versioned));
    versioned[0] = (byte) 0x81;
    refusedAt(0, RefusalCode.VERSION, decode(versioned));
  }

  @Test
  void aCountWrittenTooLongIsRefused() {
    var out = new ByteArrayOutputStream();
    out.write(MESSAGE, 0, 3);
    out.write(0x83);
    out.write(0);
    out.write(MESSAGE, 4, MESSAGE.length - 4);
    refusedAt(3, RefusalCode.NOT_CANONICAL, decode(out.toByteArray()));
  }

  @Test
  void aCountOfFourBytesIsRefused() {
    var message = MESSAGE.clone();
    Arrays.fill(message, 3, 7, (byte) 0xff);
    refusedAt(3, RefusalCode.NOT_CANONICAL, decode(message));
  }

  @Test
  void anotherFeePayerIsNotOurs() {
    var account = new Account(ChainId.SOLANA, OTHER);
    refusedAt(4, RefusalCode.NOT_OURS, Decoders.decode(Purpose.SOL_TX, MESSAGE, account));
  }

  @Test
  void aSecondSignerIsRefused() {
    var message = message(2, 0, 1, List.of(PAYER, OTHER, SYSTEM), List.of(transfer(2, 0, 1, 5)));
    refused(RefusalCode.FOREIGN_SIGNER, decode(message));
  }

  @Test
  void movingSomebodyElsesCoinsIsRefused() {
    var message = message(1, 0, 1, List.of(PAYER, OTHER, SYSTEM), List.of(transfer(2, 1, 0, 5)));
    refused(RefusalCode.NOT_OURS, decode(message));
  }

  @Test
  void anUnknownProgramIsRefused() {
    var message = MESSAGE.clone();
    message[4 + 2 * 32 + 31] = 1;
    refusedAt(INSTRUCTIONS + 1, RefusalCode.PROGRAM_UNKNOWN, decode(message));
  }

  @Test
  void anotherOperationOfTheSystemProgramIsRefused() {
    for (int operation = 0; operation < 13; operation++) {
      if (operation != 2) {
        var message = MESSAGE.clone();
        message[INSTRUCTIONS + 6] = (byte) operation;
        refused(RefusalCode.INSTRUCTION_UNKNOWN, decode(message));
      }
    }
  }

  @Test
  void operationsWithMoreOrLessDataAreRefused() {
    for (int length : new int[] {0, 4, 11, 13}) {
      var whole = new ByteArrayOutputStream();
      whole.write(2);
      whole.write(2);
      whole.write(0);
      whole.write(1);
      whole.write(length);
      whole.writeBytes(Arrays.copyOf(new byte[] {2}, length));
      var message = message(1, 0, 1, List.of(PAYER, OTHER, SYSTEM), List.of(whole.toByteArray()));
      refused(RefusalCode.INSTRUCTION_UNKNOWN, decode(message));
    }
  }

  @Test
  void aTransferWithOneOrThreeAccountsIsRefused() {
    for (var given : List.of(new byte[] {0}, new byte[] {0, 1, 0})) {
      var instruction = new ByteArrayOutputStream();
      instruction.write(2);
      instruction.write(given.length);
      instruction.writeBytes(given);
      instruction.write(transfer(2, 0, 1, 5), 4, 13);
      var message =
          message(1, 0, 1, List.of(PAYER, OTHER, SYSTEM), List.of(instruction.toByteArray()));
      refused(RefusalCode.INSTRUCTION_UNKNOWN, decode(message));
    }
  }

  @Test
  void aReadOnlyDestinationIsRefused() {
    var message = message(1, 0, 2, List.of(PAYER, OTHER, SYSTEM), List.of(transfer(2, 0, 1, 5)));
    refused(RefusalCode.ACCOUNT_RIGHTS, decode(message));
  }

  @Test
  void aWritableProgramIsRefused() {
    var message = message(1, 0, 0, List.of(PAYER, OTHER, SYSTEM), List.of(transfer(2, 0, 1, 5)));
    refused(RefusalCode.ACCOUNT_RIGHTS, decode(message));
  }

  @Test
  void anAccountListedTwiceIsRefused() {
    var message =
        message(1, 0, 1, List.of(PAYER, OTHER, OTHER, SYSTEM), List.of(transfer(3, 0, 1, 5)));
    refusedAt(4 + 2 * 32, RefusalCode.DUPLICATE, decode(message));
  }

  @Test
  void anAccountThatNothingUsesIsRefused() {
    var message =
        message(1, 0, 1, List.of(PAYER, OTHER, filled(9), SYSTEM), List.of(transfer(3, 0, 1, 5)));
    refusedAt(4 + 2 * 32, RefusalCode.FIELD_UNKNOWN, decode(message));
  }

  @Test
  void anIndexBeyondTheAccountsIsRefused() {
    var message = message(1, 0, 1, List.of(PAYER, OTHER, SYSTEM), List.of(transfer(2, 0, 3, 5)));
    refused(RefusalCode.OUT_OF_RANGE, decode(message));
  }

  @Test
  void headersThatDoNotFitTheAccountsAreRefused() {
    for (var counts : List.of(new int[] {0, 0, 1}, new int[] {1, 1, 1}, new int[] {1, 0, 3})) {
      var message = MESSAGE.clone();
      for (int i = 0; i < 3; i++) {
        message[i] = (byte) counts[i];
      }
      refusedAt(3, RefusalCode.NOT_THIS_FORMAT, decode(message));
    }
  }

  @Test
  void aMessageThatDoesNothingIsRefused() {
    refused(RefusalCode.FIELD_MISSING, decode(message(1, 0, 0, List.of(PAYER), List.of())));
  }

  @Test
  void lamportsBeyondALongAreRefusedInThePayloadsTerms() {
    var message = message(1, 0, 1, List.of(PAYER, OTHER, SYSTEM), List.of(transfer(2, 0, 1, -1)));
    refusedAt(INSTRUCTIONS + 10, RefusalCode.OUT_OF_RANGE, decode(message));
  }

  @Test
  void aMessageThatNoPacketHoldsIsRefused() {
    var instructions = new ArrayList<byte[]>();
    for (int i = 0; i < 100; i++) {
      instructions.add(transfer(2, 0, 1, 5));
    }
    var message = message(1, 0, 1, List.of(PAYER, OTHER, SYSTEM), instructions);
    refused(RefusalCode.TOO_LARGE, decode(message));
  }

  @Test
  void aBitcoinKeyReadsNoSolana() {
    var account = new Account(ChainId.BITCOIN, PAYER);
    refused(RefusalCode.CHAIN_UNKNOWN, Decoders.decode(Purpose.SOL_TX, MESSAGE, account));
  }

  private static Decoding decode(byte[] message) {
    return Decoders.decode("sol.tx", message, ACCOUNT);
  }

  private static Bytes filled(int with) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) with);
    return Bytes.of(bytes);
  }

  private static byte[] transfer(int program, int from, int to, long lamports) {
    return ByteBuffer.allocate(17)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) program)
        .put((byte) 2)
        .put((byte) from)
        .put((byte) to)
        .put((byte) 12)
        .putInt(2)
        .putLong(lamports)
        .array();
  }

  private static byte[] message(
      int signers, int readOnlySigners, int readOnly, List<Bytes> accounts, List<byte[]> parts) {
    var out = new ByteArrayOutputStream();
    out.write(signers);
    out.write(readOnlySigners);
    out.write(readOnly);
    SolanaMessage.writeCompactU16(out, accounts.size());
    accounts.forEach(account -> out.writeBytes(account.toArray()));
    out.writeBytes(filled(3).toArray());
    SolanaMessage.writeCompactU16(out, parts.size());
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
