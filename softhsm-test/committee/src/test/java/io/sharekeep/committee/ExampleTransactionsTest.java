package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.intent.Account;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Decoding;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.Purpose;
import io.sharekeep.intent.RefusalCode;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ExampleTransactionsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final ExampleTransactions EXAMPLES =
      new ExampleTransactions(Path.of("../../examples"));

  /** BIP-86's first receiving address: a published pair of internal and output key. */
  private static final byte[] INTERNAL =
      HEX.parseHex("cc8a4bc64d897bddc5fbc2f670f7a8ba0b386779106cf1223c6fc5d7cd6fc115");

  private static final byte[] OUTPUT =
      HEX.parseHex("a60869f0dbcf1dc659c9cecbaf8050135ea9e8cdc487053f1dc6880949dc684c");

  @Test
  void theOutputKeyIsThatOfBip86() {
    assertEquals(HEX.formatHex(OUTPUT), HEX.formatHex(TaprootOutput.of(INTERNAL)));
  }

  @Test
  void theBitcoinExampleBecomesOursAndPaysTheSame() {
    var psbt = EXAMPLES.bitcoinTaproot(INTERNAL, OUTPUT);
    var account = new Account(ChainId.BITCOIN_TESTNET3, Bytes.of(OUTPUT));
    var intent = decoded(Decoders.decode(Purpose.BTC_TX, psbt, account));
    assertEquals(BigInteger.valueOf(4_999_997_000L), intent.transfers().getFirst().amount());
    assertEquals(BigInteger.valueOf(3_000), intent.fee().most());
  }

  @Test
  void theSolanaExampleBecomesOursAndPaysTheSame() {
    var message = EXAMPLES.solanaTransfer(OUTPUT);
    var account = new Account(ChainId.SOLANA, Bytes.of(OUTPUT));
    var intent = decoded(Decoders.decode(Purpose.SOL_TX, message, account));
    assertEquals(BigInteger.valueOf(49), intent.transfers().getFirst().amount());
    assertEquals(
        "J3dxNj7nDRRqRRXuEMynDG57DkZK4jYRuv3Garmb1i99",
        intent.transfers().getFirst().destination().address());
  }

  @Test
  void asTheyStandTheyAreNotOurs() {
    var account = new Account(ChainId.SOLANA, Bytes.of(OUTPUT));
    var original = EXAMPLES.solanaTransfer(HEX.parseHex(ExampleTransactions.SOLANA_PAYER));
    var refused =
        assertInstanceOf(
            Decoding.Refused.class, Decoders.decode(Purpose.SOL_TX, original, account));
    assertEquals(RefusalCode.NOT_OURS, refused.code());
  }

  @Test
  void verifiersRefuseWhatIsNotSigned() {
    for (var verifier : IndependentVerifier.values()) {
      assertTrue(!verifier.verifies(OUTPUT, new byte[32], new byte[64]), verifier.title());
      assertTrue(!verifier.verifies(new byte[3], new byte[32], new byte[64]), verifier.title());
    }
  }

  private static Intent decoded(Decoding decoding) {
    return assertInstanceOf(Decoding.Decoded.class, decoding).intent();
  }
}
