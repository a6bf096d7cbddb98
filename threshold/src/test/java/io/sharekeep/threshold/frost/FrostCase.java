package io.sharekeep.threshold.frost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** One published run of the two rounds. */
record FrostCase(
    String name,
    FrostSuite suite,
    int threshold,
    byte[] groupSecret,
    byte[] groupKey,
    byte[] message,
    List<byte[]> coefficients,
    List<Signer> signers,
    byte[] signature) {

  record Signer(
      int point,
      byte[] share,
      byte[] hidingRandom,
      byte[] bindingRandom,
      byte[] hidingNonce,
      byte[] bindingNonce,
      byte[] hiding,
      byte[] binding,
      byte[] factor,
      byte[] z) {}

  /** Our own compact copies. */
  static List<FrostCase> carried() {
    return List.of(
            "rfc9591-ed25519",
            "rfc9591-secp256k1",
            "zf-ed25519",
            "zf-ed25519-big-identifier",
            "zf-secp256k1",
            "zf-secp256k1-big-identifier",
            "zf-secp256k1-tr",
            "zf-secp256k1-tr-big-identifier")
        .stream()
        .map(FrostCase::carried)
        .toList();
  }

  private static FrostCase carried(String name) {
    var properties = new Properties();
    var resource = "/vectors/frost/" + name + ".properties";
    try (var in = Optional.ofNullable(FrostCase.class.getResourceAsStream(resource)).orElseThrow();
        var reader = new InputStreamReader(in, StandardCharsets.US_ASCII)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var signers = new ArrayList<Signer>();
    for (var point : text(properties, "signers").split(",", -1)) {
      signers.add(
          new Signer(
              Integer.parseInt(point),
              hex(properties, point + ".share"),
              hex(properties, point + ".hidingRandom"),
              hex(properties, point + ".bindingRandom"),
              hex(properties, point + ".hidingNonce"),
              hex(properties, point + ".bindingNonce"),
              hex(properties, point + ".hiding"),
              hex(properties, point + ".binding"),
              hex(properties, point + ".factor"),
              hex(properties, point + ".z")));
    }
    return new FrostCase(
        name,
        FrostSuite.valueOf(text(properties, "suite")),
        Integer.parseInt(text(properties, "threshold")),
        hex(properties, "groupSecret"),
        hex(properties, "groupKey"),
        hex(properties, "message"),
        Arrays.stream(text(properties, "coefficients").split(",", -1))
            .map(HexFormat.of()::parseHex)
            .toList(),
        signers,
        hex(properties, "signature"));
  }

  /** A file as its project publishes it. */
  static FrostCase published(FrostSuite suite, Path file) {
    try {
      var json = new ObjectMapper().readTree(file.toFile());
      var inputs = json.path("inputs");
      var signers = new ArrayList<Signer>();
      for (var one : json.path("round_one_outputs").path("outputs")) {
        int point = one.path("identifier").asInt();
        var two = withIdentifier(json.path("round_two_outputs").path("outputs"), point);
        signers.add(
            new Signer(
                point,
                hex(withIdentifier(inputs.path("participant_shares"), point), "participant_share"),
                hex(one, "hiding_nonce_randomness"),
                hex(one, "binding_nonce_randomness"),
                hex(one, "hiding_nonce"),
                hex(one, "binding_nonce"),
                hex(one, "hiding_nonce_commitment"),
                hex(one, "binding_nonce_commitment"),
                hex(one, "binding_factor"),
                hex(two, "sig_share")));
      }
      var coefficients = new ArrayList<byte[]>();
      for (var one : inputs.path("share_polynomial_coefficients")) {
        coefficients.add(HexFormat.of().parseHex(one.asText()));
      }
      return new FrostCase(
          file.toString(),
          suite,
          json.path("config").path("MIN_PARTICIPANTS").asInt(),
          hex(inputs, "group_secret_key"),
          inputs.has("group_public_key")
              ? hex(inputs, "group_public_key")
              : hex(inputs, "verifying_key_key"),
          hex(inputs, "message"),
          coefficients,
          signers,
          hex(json.path("final_output"), "sig"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode withIdentifier(JsonNode list, int point) {
    for (var one : list) {
      if (one.path("identifier").asInt() == point) {
        return one;
      }
    }
    throw new AssertionError("no participant " + point);
  }

  private static byte[] hex(JsonNode node, String field) {
    return HexFormat.of().parseHex(node.path(field).asText());
  }

  private static String text(Properties properties, String key) {
    return Optional.ofNullable(properties.getProperty(key)).orElseThrow();
  }

  private static byte[] hex(Properties properties, String key) {
    return HexFormat.of().parseHex(text(properties, key));
  }

  @Override
  public String toString() {
    return name;
  }
}
