package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code intent decode}: no appliance, no HSM, no configuration. */
class IntentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path EXAMPLES = Path.of("../examples");

  /** EIP-155's own example: what is signed, and its hash. */
  private static final String EIP155 =
      "ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080";

  @TempDir private Path folder;

  private record Run(int exit, String out, String err) {
    JsonNode json() throws Exception {
      return JSON.readTree(out);
    }

    void refuses(String code) throws Exception {
      assertEquals(3, exit, out + err);
      assertEquals(code, json().path("refused").asText(), out);
      assertFalse(json().path("detail").asText().isBlank());
      assertEquals("", err);
    }

    void isMisused(String... words) {
      assertEquals(2, exit, out + err);
      assertEquals("", out);
      for (var word : words) {
        assertTrue(err.contains(word), err);
      }
      assertFalse(err.contains("Exception\n\tat"), err);
    }
  }

  private static Run decode(byte[] in, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new ArrayList<>(List.of("intent", "decode"));
    all.addAll(List.of(arguments));
    int exit =
        Sharekeep.run(
            Map.of("NO_COLOR", "1"),
            new ByteArrayInputStream(in),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            all.toArray(String[]::new));
    return new Run(exit, out.toString(), err.toString());
  }

  private static Run decode(String... arguments) {
    return decode(new byte[0], arguments);
  }

  private String file(byte[] content) throws Exception {
    return Files.write(folder.resolve("payload"), content).toString();
  }

  @Test
  void anEthereumTransferIsPrintedWithTheDigestOfEip155() throws Exception {
    var run = decode("--chain", "evm", file(EIP155.getBytes(UTF_8)));
    assertEquals(0, run.exit(), run.err());
    var json = run.json();
    assertEquals("eip155:1", json.path("chain").asText());
    assertEquals("transfer", json.path("kind").asText());
    assertEquals(1, json.path("transfers").size());
    var transfer = json.path("transfers").path(0);
    assertEquals("eip155:1/slip44:60", transfer.path("asset").asText());
    assertEquals(
        "0x3535353535353535353535353535353535353535", transfer.path("destination").asText());
    assertEquals("1000000000000000000", transfer.path("amount").textValue());
    assertEquals("eip155:1/slip44:60", json.path("fee").path("asset").asText());
    assertEquals("420000000000000", json.path("fee").path("max").textValue());
    assertEquals("9", json.path("validity").path("nonce").asText());
    assertTrue(json.path("grants").isArray() && json.path("calls").isArray());
    assertTrue(json.path("warnings").isArray());
    assertEquals(
        JSON.readTree(
            "[{\"curve\":\"secp256k1\",\"hex\":"
                + "\"daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53\","
                + "\"input\":0}]"),
        json.path("digests"));
  }

  /** What is outside the hash is the hash and the digests, nothing else. */
  @Test
  void whatIsPrintedHashesToTheIntentHash() throws Exception {
    for (var example : List.of("bitcoin-taproot.psbt", "solana-transfer.hex")) {
      var chain = example.substring(0, example.indexOf('-'));
      var run = decode("--chain", chain, EXAMPLES.resolve(example).toString());
      assertEquals(0, run.exit(), run.err() + run.out());
      var intent = (ObjectNode) run.json();
      var hash = intent.remove("intentHash").asText();
      intent.remove("digests");
      var sorted =
          new ObjectMapper()
              .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
              .writeValueAsString(JSON.convertValue(intent, Map.class));
      assertEquals(
          hash,
          HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("SHA-256")
                      .digest(("sharekeep/intent/v1\n" + sorted).getBytes(UTF_8))));
    }
  }

  @Test
  void hexWithAPrefixBinaryBase64AndStandardInputAreOnePayload() throws Exception {
    var bytes = HexFormat.of().parseHex(EIP155);
    var expected = decode("--chain", "evm", file(EIP155.getBytes(UTF_8))).out();
    for (var content :
        List.of(
            ("0x" + EIP155 + "\n").getBytes(UTF_8),
            EIP155.toUpperCase(java.util.Locale.ROOT).getBytes(UTF_8),
            bytes)) {
      assertEquals(expected, decode("--chain", "EVM", file(content)).out());
      assertEquals(expected, decode(content, "--chain", "evm", "-").out());
    }
    var psbt = Files.readAllBytes(EXAMPLES.resolve("bitcoin-taproot.psbt"));
    var text = new String(psbt, UTF_8).strip();
    assertEquals(
        decode(psbt, "--chain", "bitcoin", "-").out(),
        decode(Base64.getDecoder().decode(text), "--chain", "bitcoin", "-").out());
  }

  @Test
  void whatIsNoTransactionIsRefusedAsThat() throws Exception {
    decode("--chain", "evm", file(new byte[0])).refuses("truncated");
    decode("--chain", "evm", file("xyz".getBytes(UTF_8))).refuses("version");
    decode("--chain", "bitcoin", file("not a PSBT".getBytes(UTF_8))).refuses("not-this-format");
    decode("--chain", "evm", file((EIP155 + "00").getBytes(UTF_8))).refuses("trailing-bytes");
  }

  /** Also where the file is larger than what is read of it. */
  @Test
  void whatIsTooLargeIsRefusedAsThat() throws Exception {
    for (var chain : List.of("evm", "bitcoin", "solana")) {
      decode("--chain", chain, file(new byte[128 * 1024 + 1])).refuses("too-large");
      decode("--chain", chain, file("ab".repeat(128 * 1024 + 1).getBytes(UTF_8)))
          .refuses("too-large");
      decode("--chain", chain, file(new byte[3 << 20])).refuses("too-large");
    }
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    decode("--chain", "evm", folder.resolve("nothing").toString())
        .isMisused("there is no file", "nothing");
    decode("--chain", "evm", folder.toString()).isMisused("cannot be read");
  }

  @Test
  void aWishThatMakesNoSenseIsSaid() throws Exception {
    var file = file(EIP155.getBytes(UTF_8));
    decode("--chain", "dogecoin", file).isMisused("dogecoin");
    decode(file).isMisused("--chain");
    decode("--chain", "evm").isMisused("FILE");
    decode("--chain", "evm", "--network", "mainnet", file).isMisused("CAIP-2");
    decode("--chain", "evm", "--network", "bip122:000000000019d6689c085ae165831e93", file)
        .isMisused("not a network of eip155");
    decode("--chain", "evm", "--key", "02" + "00".repeat(32), file).isMisused("network");
    decode("--chain", "evm", "--network", "eip155:1", "--key", "zz", file).isMisused("--key");
    decode("--chain", "evm", "--network", "eip155:1", "--key", "02ff", file).isMisused("2 bytes");
    decode("--chain", "evm", "--allow", "everything", file).isMisused("everything");
  }

  @Test
  void theNetworkAndTheKeyAreHeldAgainstTheTransaction() throws Exception {
    var file = file(EIP155.getBytes(UTF_8));
    decode("--chain", "evm", "--network", "eip155:5", file).refuses("wrong-chain");
    assertEquals(0, decode("--chain", "evm", "--network", "eip155:1", file).exit());
    decode(
            "--chain",
            "bitcoin",
            "--key",
            "11".repeat(32),
            EXAMPLES.resolve("bitcoin-taproot.psbt").toString())
        .refuses("not-ours");
  }

  @Test
  void whatIsOffByDefaultIsReadWhenAskedFor() throws Exception {
    // EIP-155's example with no destination: 0x80 in place of 20 bytes.
    var create = "d8" + "098504a817c800825208" + "80" + "880de0b6b3a7640000" + "80" + "018080";
    decode("--chain", "evm", file(create.getBytes(UTF_8))).refuses("create-off");
    var run = decode("--chain", "evm", "--allow", "evm.create", file(create.getBytes(UTF_8)));
    assertEquals(0, run.exit(), run.out());
    assertEquals("evm.create", run.json().path("kind").asText());
  }
}
