package io.sharekeep.intent;

import static io.sharekeep.intent.Answers.decoded;
import static io.sharekeep.intent.Answers.refused;
import static io.sharekeep.intent.SolanaText.ACCOUNT;
import static io.sharekeep.intent.SolanaText.MINT;
import static io.sharekeep.intent.SolanaText.OWNER;
import static io.sharekeep.intent.SolanaText.PAYER;
import static io.sharekeep.intent.SolanaText.filled;
import static io.sharekeep.intent.SolanaText.u64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.sava.core.tx.TransactionSkeleton;

class SolanaTokensTest {
  private static final Destination TO =
      new Destination(ChainId.SOLANA, Addresses.solana(OWNER.toArray()));

  private static byte[] payload(SolanaText text) {
    return Bytes.ofHex(text.write()).toArray();
  }

  private static Intent read(SolanaText text) {
    return decoded(Decoders.decode(Purpose.SOL_TX, payload(text), ACCOUNT));
  }

  @Test
  void theOwnerIsTheDestinationAndTheMintTheAsset() {
    var intent = read(SolanaText.tokens(OWNER, true));
    assertEquals(
        List.of(
            new Transfer(
                new AssetId(ChainId.SOLANA, "token:EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"),
                TO,
                BigInteger.valueOf(5_000_000))),
        intent.transfers());
    assertEquals(BigInteger.valueOf(5_000 + 2_039_280), intent.fee().most());
  }

  @Test
  void anOwnerThatTheCallerKnowsProvesAnAccountAndAnotherDoesNot() {
    var payload = payload(SolanaText.tokens(OWNER, false));
    assertEquals(TO, decoded(known(payload, TO)).transfers().getFirst().destination());
    refused(
        RefusalCode.OWNER_UNPROVED,
        known(payload, new Destination(ChainId.SOLANA, Addresses.solana(filled(9).toArray()))));
    refused(
        RefusalCode.OWNER_UNPROVED,
        known(payload, new Destination(ChainId.SOLANA_DEVNET, TO.address())));
    refused(
        RefusalCode.OWNER_UNPROVED, known(payload, new Destination(ChainId.SOLANA, "no address")));
  }

  private static Decoding known(byte[] payload, Destination owner) {
    return Decoders.decode(Purpose.SOL_TX, payload, ACCOUNT, new Terms(Set.of(), Set.of(owner)));
  }

  @Test
  void thePriorityFeeIsTheMostThatUnitsCanCost() {
    var other = filled(7);
    var price = "03" + u64(1_000_001);
    var fees =
        List.of(
            read(
                SolanaText.transfer(other, 50_000_000)
                    .step(SolanaAddress.COMPUTE_BUDGET, "02" + "e8030000")
                    .step(SolanaAddress.COMPUTE_BUDGET, price)),
            read(SolanaText.transfer(other, 50_000_000).step(SolanaAddress.COMPUTE_BUDGET, price)),
            read(
                SolanaText.transfer(other, 50_000_000)
                    .step(SolanaAddress.COMPUTE_BUDGET, "02ffffffff")
                    .step(SolanaAddress.COMPUTE_BUDGET, price)));
    assertEquals(
        List.of(5_000L + 1_001, 5_000L + 200_001, 5_000L + 1_400_002),
        fees.stream().map(intent -> intent.fee().most().longValueExact()).toList());
  }

  @Test
  void aDurableNonceDoesNotExpireSoon() {
    var nonce = filled(0x55);
    var other = filled(7);
    var intent =
        read(
            new SolanaText()
                .writes(nonce, other)
                .step(
                    SolanaAddress.SYSTEM,
                    "04000000",
                    nonce,
                    SolanaAddress.RECENT_BLOCKHASHES,
                    PAYER)
                .lamports(PAYER, other, 50_000));
    assertEquals(
        new Validity.DurableNonce(Addresses.solana(nonce.toArray()), filled(3)), intent.validity());
    assertEquals(List.of(), intent.warnings());
  }

  @Test
  void grantsSayWhoGetsWhat() {
    var source = SolanaAddress.associatedToken(PAYER, MINT);
    var delegate =
        read(
            new SolanaText()
                .writes(source)
                .step(SolanaAddress.TOKEN, "0d" + u64(-1) + "06", source, MINT, OWNER, PAYER));
    assertEquals(Kind.GRANT, delegate.kind());
    assertEquals(
        new Grant(
            Grant.Form.TOKEN_DELEGATE,
            AssetId.spl(new Destination(ChainId.SOLANA, Addresses.solana(MINT.toArray()))),
            TO,
            Optional.of(new BigInteger("18446744073709551615")),
            Optional.empty()),
        delegate.grants().getFirst());
    var authority =
        read(
            new SolanaText()
                .writes(source)
                .step(SolanaAddress.TOKEN, "060201" + OWNER.hex(), source, PAYER));
    assertEquals(Grant.Form.AUTHORITY, authority.grants().getFirst().form());
    assertEquals(TO, authority.grants().getFirst().grantee());
  }

  /** sava reads the wire form of what we accept as the same accounts and instructions. */
  @Test
  void savaReadsWhatWeAssemble() {
    for (boolean versioned : new boolean[] {false, true}) {
      var text = SolanaText.tokens(OWNER, true);
      text.versioned = versioned;
      var message = payload(text);
      var signature = new byte[64];
      signature[0] = 9;
      var signed = Decoders.assemble(Purpose.SOL_TX, message, ACCOUNT, List.of(signature));
      var skeleton = TransactionSkeleton.deserializeSkeleton(signed.bytes().toArray());
      assertEquals(1, skeleton.numSignatures());
      assertEquals(versioned, skeleton.isVersioned());
      assertEquals(signed.id(), skeleton.id());
      assertArrayEquals(PAYER.toArray(), skeleton.feePayer().toByteArray());
      var accounts = skeleton.parseAccounts();
      var instructions = skeleton.parseInstructions(accounts);
      assertEquals(2, instructions.length);
      var transfer = instructions[1];
      assertArrayEquals(
          SolanaAddress.TOKEN.toArray(), transfer.programId().publicKey().toByteArray());
      assertArrayEquals(Bytes.ofHex("0c" + u64(5_000_000) + "06").toArray(), transfer.copyData());
      assertArrayEquals(
          SolanaAddress.associatedToken(OWNER, MINT).toArray(),
          transfer.accounts().get(2).publicKey().toByteArray());
    }
  }
}
