package io.sharekeep.intent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IntentTest {
  private static final Intent INTENT =
      Answers.decoded(
          Decoders.decode(
              Purpose.BTC_TX,
              Vectors.hex("bip371.valid.0").toArray(),
              new Account(ChainId.BITCOIN_TESTNET3, PsbtText.OURS)));

  /** Changing these bytes changes what approvers have signed: that needs a new domain line. */
  @Test
  void theCanonicalFormIsThisOne() {
    assertEquals(
        "{\"calls\":[],\"chain\":\"bip122:000000000933ea01ad0ee984209779ba\","
            + "\"fee\":{\"asset\":\"bip122:000000000933ea01ad0ee984209779ba/slip44:0\","
            + "\"max\":\"3000\",\"rate\":\"31\"},\"grants\":[],\"inputs\":[{\"bytesSha256\":\""
            + Bytes.of(Hash.sha256(INTENT.inputs().getFirst().bytes().toArray())).hex()
            + "\",\"index\":\"0\",\"path\":\"m\",\"scheme\":\"bip340\",\"tweak\":\"bip86\"}],"
            + "\"kind\":\"transfer\",\"transfers\":[{\"amount\":\"4999997000\","
            + "\"asset\":\"bip122:000000000933ea01ad0ee984209779ba/slip44:0\","
            + "\"destination\":\"tb1qw68pa66v7ssgvcpnlq9valc0jus8gjtfxv55xr\"}],"
            + "\"validity\":{\"lockTime\":\"0\",\"replaceable\":false,\"spent\":["
            + "\"42b224669be683585854193052ef88b1efe2ee963af26c0dfe2730bfba4a7427:0\"]},"
            + "\"warnings\":[]}",
        new String(INTENT.canonicalJson(), UTF_8));
  }

  @Test
  void theHashCoversTheDomainAndTheCanonicalForm() {
    assertArrayEquals(
        Hash.sha256("sharekeep/intent/v1\n".getBytes(UTF_8), INTENT.canonicalJson()),
        INTENT.intentHash().toArray());
  }

  @Test
  void jacksonSortsToTheSameBytes() throws JsonProcessingException {
    var mapper = new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
    var tree = mapper.readValue(new String(INTENT.canonicalJson(), UTF_8), Map.class);
    assertArrayEquals(INTENT.canonicalJson(), mapper.writeValueAsBytes(tree));
  }

  @Test
  void grantsAndCallsAreInTheHash() {
    var asset = AssetId.bitcoin(ChainId.BITCOIN);
    var somebody = new Destination(ChainId.BITCOIN, "somebody");
    var grant =
        with(
            List.of(
                new Grant(Grant.Form.APPROVE, asset, somebody, Optional.empty(), Optional.empty())),
            List.of());
    var call =
        with(
            List.of(),
            List.of(new Call(somebody, Bytes.ofHex("a9059cbb"), Bytes.ofHex(""), BigInteger.ZERO)));
    assertEquals(
        3,
        java.util.stream.Stream.of(INTENT, grant, call).map(Intent::intentHash).distinct().count());
  }

  @Test
  void nothingToSignIsNoIntent() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Intent(
                INTENT.chain(),
                INTENT.kind(),
                INTENT.transfers(),
                List.of(),
                List.of(),
                INTENT.fee(),
                INTENT.validity(),
                List.of(),
                List.of()));
  }

  @Test
  void amountsAreNeverNegative() {
    var asset = AssetId.bitcoin(ChainId.BITCOIN);
    var minusOne = BigInteger.ONE.negate();
    assertThrows(IllegalArgumentException.class, () -> new Fee(asset, minusOne));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Transfer(asset, new Destination(ChainId.BITCOIN, "somebody"), minusOne));
  }

  private static Intent with(List<Grant> grants, List<Call> calls) {
    return new Intent(
        INTENT.chain(),
        INTENT.kind(),
        INTENT.transfers(),
        grants,
        calls,
        INTENT.fee(),
        INTENT.validity(),
        INTENT.inputs(),
        INTENT.warnings());
  }
}
