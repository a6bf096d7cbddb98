package io.sharekeep.intent;

import static io.sharekeep.intent.Answers.decoded;
import static io.sharekeep.intent.Answers.refused;
import static io.sharekeep.intent.Answers.refusedAt;
import static io.sharekeep.intent.EvmText.SOMEBODY;
import static io.sharekeep.intent.EvmText.TOKEN;
import static io.sharekeep.intent.EvmText.UNBOUNDED;
import static io.sharekeep.intent.EvmText.call;
import static io.sharekeep.intent.EvmText.word;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.esaulpaugh.headlong.rlp.RLPDecoder;
import com.esaulpaugh.headlong.rlp.RLPItem;
import fr.acinq.secp256k1.Secp256k1;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvmDecoderTest {
  private static final Destination CONTRACT =
      new Destination(ChainId.ETHEREUM, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
  private static final Destination TO =
      new Destination(ChainId.ETHEREUM, "0x3535353535353535353535353535353535353535");
  private static final Terms ALL = new Terms(EnumSet.allOf(OptIn.class), Set.of());

  private static final byte[] EIP155 =
      Bytes.ofHex(
              "ec098504a817c800825208943535353535353535353535353535353535353535"
                  + "880de0b6b3a764000080018080")
          .toArray();

  private static Intent read(String hex) {
    return decoded(decode(hex));
  }

  private static Decoding decode(String hex) {
    return Decoders.decode(Purpose.EVM_TX, Bytes.ofHex(hex).toArray(), EvmText.ACCOUNT);
  }

  private static Grant grant(String data) {
    var intent = read(EvmText.type2(TOKEN, "", data).write());
    assertEquals(Kind.GRANT, intent.kind());
    assertEquals(List.of(), intent.transfers());
    return intent.grants().getFirst();
  }

  @Test
  void theExampleOfEip155HasItsDigestAndItsSignedForm() {
    var intent = read(Bytes.of(EIP155).hex());
    assertEquals(
        List.of(new Transfer(AssetId.ether(ChainId.ETHEREUM), TO, BigInteger.TEN.pow(18))),
        intent.transfers());
    assertEquals(new BigInteger("420000000000000"), intent.fee().most());
    assertEquals(new Validity.AccountNonce(BigInteger.valueOf(9)), intent.validity());
    assertEquals(
        "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53",
        intent.inputs().getFirst().bytes().hex());
    var signed =
        Decoders.assemble(
            Purpose.EVM_TX,
            EIP155,
            EvmText.ACCOUNT,
            List.of(
                Bytes.ofHex(
                        "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
                            + "67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83")
                    .toArray()));
    assertEquals(
        "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000"
            + "8025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8"
            + "997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
        signed.bytes().hex());
  }

  /** Each type is signed by libsecp256k1, assembled by us, and read by headlong. */
  @Test
  void whatWeAssembleAnotherDecoderReadsAndRecoversOurKeyFrom() throws IOException {
    int types = 0;
    try (var lines = CorpusTest.lines()) {
      for (var line :
          lines
              .filter(l -> l.view() == CorpusLine.View.EVM_ALL && !l.expected().startsWith("!"))
              .toList()) {
        accepted(Bytes.ofHex(line.hex()).toArray());
        types++;
      }
    }
    accepted(EIP155);
    accepted(Bytes.ofHex(EvmText.type2(SOMEBODY, "01", "").write()).toArray());
    assertTrue(types >= 5);
  }

  private static void accepted(byte[] payload) {
    var library = Secp256k1.get();
    var intent = decoded(Decoders.decode(Purpose.EVM_TX, payload, EvmText.ACCOUNT, ALL));
    var digest = intent.inputs().getFirst().bytes().toArray();
    var compact = library.sign(digest, EvmText.SECRET, null);
    var signed = Decoders.assemble(Purpose.EVM_TX, payload, EvmText.ACCOUNT, ALL, List.of(compact));
    var bytes = signed.bytes().toArray();
    boolean typed = payload[0] >= 0 && payload[0] != 5;
    var fields = RLPDecoder.RLP_STRICT.wrapList(bytes, typed ? 1 : 0).elements();
    var given = RLPDecoder.RLP_STRICT.wrapList(payload, payload[0] >= 0 ? 1 : 0).elements();
    int own = payload[0] < 0 ? 6 : given.size();
    assertEquals(own + 3, fields.size());
    for (int i = 0; i < own; i++) {
      assertArrayEquals(given.get(i).asBytes(), fields.get(i).asBytes());
    }
    int v = fields.get(own).asBigInt().intValueExact();
    int parity = payload[0] < 0 ? v - 37 : v; // EIP-155 on chain 1: 35 + 2
    var signature = new byte[64];
    copy(fields.get(own + 1), signature, 32);
    copy(fields.get(own + 2), signature, 64);
    assertArrayEquals(compact, signature);
    assertEquals(
        EvmText.OURS,
        Bytes.of(library.pubKeyCompress(library.ecdsaRecover(signature, digest, parity))));
    assertEquals("0x" + Bytes.of(Keccak.hash256(bytes)).hex(), signed.id());
  }

  private static void copy(RLPItem item, byte[] into, int end) {
    var bytes = item.asBytes();
    System.arraycopy(bytes, 0, into, end - bytes.length, bytes.length);
  }

  @Test
  void assemblyRefusesWhatIsNotOurKeysSignature() {
    var other = Arrays.copyOf(new byte[] {}, 64);
    Arrays.fill(other, (byte) 1);
    assertThrows(
        IllegalArgumentException.class,
        () -> Decoders.assemble(Purpose.EVM_TX, EIP155, EvmText.ACCOUNT, List.of(other)));
  }

  @Test
  void anErc20TransferIsOneOfTheTokenAndNotOfCoin() {
    var intent =
        read(EvmText.type2(TOKEN, "", call("a9059cbb", word(SOMEBODY), word("02625a00"))).write());
    assertEquals(Kind.TRANSFER, intent.kind());
    assertEquals(
        List.of(new Transfer(AssetId.erc20(CONTRACT), TO, BigInteger.valueOf(40_000_000))),
        intent.transfers());
    assertEquals(
        "eip155:1/erc20:0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
        intent.transfers().getFirst().asset().toString());
    assertEquals(BigInteger.valueOf(100_000L * 20_000_000_000L), intent.fee().most());
    assertEquals(List.of(), intent.calls());
  }

  @Test
  void grantsSayWhoGetsHowMuch() {
    var approve = grant(call("095ea7b3", word(SOMEBODY), word("07")));
    assertEquals(
        new Grant(
            Grant.Form.APPROVE,
            AssetId.erc20(CONTRACT),
            TO,
            Optional.of(BigInteger.valueOf(7)),
            Optional.empty()),
        approve);
    assertEquals(Optional.empty(), grant(call("095ea7b3", word(SOMEBODY), UNBOUNDED)).amount());
    assertEquals(
        Optional.of(BigInteger.ZERO), grant(call("095ea7b3", word(SOMEBODY), word(""))).amount());
    var all = grant(call("a22cb465", word(SOMEBODY), word("01")));
    assertEquals(Grant.Form.OPERATOR, all.form());
    assertEquals(Optional.empty(), all.amount());
    assertEquals(
        Optional.of(BigInteger.ZERO), grant(call("a22cb465", word(SOMEBODY), word(""))).amount());
    var dai =
        grant(
            call(
                "8fcbaf0c",
                word(TOKEN),
                word(SOMEBODY),
                word(""),
                word(""),
                word("01"),
                word("1b"),
                word("01"),
                word("01")));
    assertEquals(Grant.Form.PERMIT, dai.form());
    assertEquals(TO, dai.grantee());
    assertEquals(Optional.empty(), dai.amount());
    var permit2 =
        grant(call("87517c45", word(TOKEN), word(SOMEBODY), word("09"), word("6bd0a9a0")));
    assertEquals(AssetId.erc20(CONTRACT), permit2.asset());
    assertEquals(Optional.of(BigInteger.valueOf(9)), permit2.amount());
    assertEquals(Optional.of(BigInteger.valueOf(0x6bd0a9a0L)), permit2.expires());
  }

  @Test
  void warningsSayWhatPeopleShouldSee() {
    assertWarned(
        EvmText.type2(TOKEN, "", call("095ea7b3", word(SOMEBODY), word("07"))),
        Warning.GRANT_WITHOUT_END);
    assertWarned(
        EvmText.type2(TOKEN, "", call("095ea7b3", word(SOMEBODY), word("ff".repeat(12)))),
        Warning.UNLIMITED_GRANT,
        Warning.GRANT_WITHOUT_END);
    assertWarned(EvmText.type2(TOKEN, "", call("095ea7b3", word(SOMEBODY), word(""))));
    assertWarned(
        EvmText.type2(TOKEN, "", call("a9059cbb", word(TOKEN), word("01"))),
        Warning.PAYS_TOKEN_CONTRACT);
    assertWarned(
        EvmText.type2(TOKEN, "", call("a9059cbb", word(""), word("01"))),
        Warning.PAYS_ZERO_ADDRESS);
    assertWarned(EvmText.type2(SOMEBODY, "01", ""), Warning.FEE_HIGH);
    assertWarned(
        EvmText.type2(EvmAddress.ofKey(EvmText.OURS).hex(), "", ""), Warning.PAYS_ONLY_SELF);
  }

  private static void assertWarned(EvmText text, Warning... warnings) {
    assertEquals(List.of(warnings), read(text.write()).warnings());
  }

  @Test
  void coinThatGoesWithACallIsATransferToo() {
    var intent = read(EvmText.type2(SOMEBODY, "05", "deadbeef01").write());
    assertEquals(Kind.EVM_CALL, intent.kind());
    assertEquals(
        List.of(new Call(TO, Bytes.ofHex("deadbeef"), Bytes.ofHex("01"), BigInteger.valueOf(5))),
        intent.calls());
    assertEquals(BigInteger.valueOf(5), intent.transfers().getFirst().amount());
  }

  @Test
  void transferFromIsACallThatCountsAsATransferToo() {
    var intent =
        read(
            EvmText.type2(TOKEN, "", call("23b872dd", word(TOKEN), word(SOMEBODY), word("08")))
                .write());
    assertEquals(Kind.EVM_CALL, intent.kind());
    assertEquals(
        List.of(new Transfer(AssetId.erc20(CONTRACT), TO, BigInteger.valueOf(8))),
        intent.transfers());
    assertEquals("23b872dd", intent.calls().getFirst().selector().hex());
    assertEquals(List.of(Warning.SPENDS_ALLOWANCE), intent.warnings());
  }

  /** Blobs cost gas of their own. */
  @Test
  void theFeeCountsBlobs() {
    var hash = EvmText.bytes("01" + "22".repeat(31));
    var payload =
        EvmText.of("03", "01", "09", "01", "02", "5208", SOMEBODY, "", "")
            .with(EvmText.list())
            .with("03")
            .with(EvmText.list(hash))
            .write();
    var intent =
        decoded(
            Decoders.decode(Purpose.EVM_TX, Bytes.ofHex(payload).toArray(), EvmText.ACCOUNT, ALL));
    assertEquals(BigInteger.valueOf(2 * 21_000 + 3 * 131_072), intent.fee().most());
  }

  @Test
  void refusalsSayWhere() {
    var dirty =
        EvmText.type2(TOKEN, "", call("a9059cbb", "01" + word(SOMEBODY).substring(2), word("01")))
            .write();
    int data = dirty.indexOf("a9059cbb") / 2;
    refusedAt(data + 4, RefusalCode.DIRTY_PADDING, decode(dirty));
    refusedAt(EIP155.length, RefusalCode.TRAILING_BYTES, decode(Bytes.of(EIP155).hex() + "00"));
  }

  @Test
  void aKeyOfAnotherFamilyReadsNoEthereum() {
    refused(
        RefusalCode.CHAIN_UNKNOWN,
        Decoders.decode(
            Purpose.EVM_TX, EIP155, new Account(ChainId.BITCOIN, CorpusLines.WITNESS_KEY)));
  }

  @Test
  void anAccountHasAKeyOfItsChainsKind() {
    var x = Bytes.of(EvmText.OURS.toArray(), 1, 33);
    assertThrows(IllegalArgumentException.class, () -> new Account(ChainId.ETHEREUM, x));
    assertThrows(IllegalArgumentException.class, () -> new Account(ChainId.SOLANA, EvmText.OURS));
    var off = Bytes.ofHex("02" + "00".repeat(31) + "05");
    assertThrows(IllegalArgumentException.class, () -> new Account(ChainId.ETHEREUM, off));
  }
}
