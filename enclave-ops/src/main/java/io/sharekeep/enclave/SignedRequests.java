package io.sharekeep.enclave;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import java.util.HexFormat;

/**
 * The JSON in which signed requests travel:
 *
 * <pre>
 * {"kind": "sign" | "generate-key" | "rekey-pair", "request": {…}, "algorithm": "ed25519" | "p256",
 *  "key": hex SubjectPublicKeyInfo, "signature": hex, 64 bytes}</pre>
 */
public final class SignedRequests {
  /** No signed request is longer, in bytes. */
  public static final int MAX_BYTES = 16 * 1024;

  private static final String SIGN = "sign";
  private static final String GENERATE_KEY = "generate-key";
  private static final String REKEY_PAIR = "rekey-pair";

  private SignedRequests() {}

  /** What the bytes turned out to be. */
  public sealed interface Parsed {
    record Sign(SignedRequest<SignRequest> request) implements Parsed {}

    record GenerateKey(SignedRequest<KeyRequest> request) implements Parsed {}

    record RekeyPair(SignedRequest<PairRequest> request) implements Parsed {}

    /** {@code reason} is for the one who sent it. */
    record Malformed(String reason) implements Parsed {}
  }

  /** Reads strictly: unknown, missing, duplicate and mistyped fields are refused by name. */
  public static Parsed parse(byte[] json) {
    if (json.length > MAX_BYTES) {
      return new Parsed.Malformed("a signed request is at most " + MAX_BYTES + " bytes");
    }
    try {
      return JsonFields.read(StrictJson.object(json), "", SignedRequests::read);
    } catch (MalformedJson e) {
      return new Parsed.Malformed(e.reason());
    }
  }

  private static Parsed read(JsonFields fields) {
    String kind = fields.text("kind", 16);
    var algorithm = SignatureKeys.algorithm(fields.text("algorithm", 16));
    byte[] key = fields.hex("key", 40, 128);
    byte[] signature = fields.hex("signature", 64, 64);
    return switch (kind) {
      case SIGN ->
          new Parsed.Sign(
              new SignedRequest<>(
                  fields.object("request", RequestJson::signRequest), algorithm, key, signature));
      case GENERATE_KEY ->
          new Parsed.GenerateKey(
              new SignedRequest<>(
                  fields.object("request", RequestJson::keyRequest), algorithm, key, signature));
      case REKEY_PAIR ->
          new Parsed.RekeyPair(
              new SignedRequest<>(
                  fields.object("request", RequestJson::pairRequest), algorithm, key, signature));
      default ->
          throw new MalformedJson(
              "kind must be " + SIGN + ", " + GENERATE_KEY + " or " + REKEY_PAIR);
    };
  }

  /** The bytes that {@link #parse} reads back to the same. */
  public static byte[] toJson(SignedRequest<?> request) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put(
        "kind",
        switch (request.body()) {
          case SignRequest _ -> SIGN;
          case KeyRequest _ -> GENERATE_KEY;
          case PairRequest _ -> REKEY_PAIR;
          case PresignRequest _ ->
              throw new IllegalArgumentException("nobody signs an order for a presignature");
        });
    json.set("request", RequestJson.of(request.body()));
    json.put("algorithm", request.algorithm().label());
    json.put("key", HexFormat.of().formatHex(request.key()));
    json.put("signature", HexFormat.of().formatHex(request.signature()));
    return json.toString().getBytes(UTF_8);
  }

  /**
   * Whether the initiator's signature holds over the body's digest. Says nothing of who that is.
   */
  public static boolean verifies(SignedRequest<?> request) {
    return SignatureKeys.verifies(
        request.algorithm(), request.key(), request.body().digest(), request.signature());
  }
}
