package io.sharekeep.enclave;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * An administrator's word that signing stops or may go on, or that a version of the policy which
 * waits for its time never comes into force (policy and intents, section 6).
 *
 * <pre>{"statement": {"v", "tenant", "action", "about", "expires", "nonce"},
 *  "algorithm", "key": hex SubjectPublicKeyInfo, "signature": hex}</pre>
 *
 * @param tenant whose appliance it is
 * @param about of a freeze: {@code appliance} or a key id; of an unfreeze: the id of the freeze; of
 *     a cancelled version: the hex hash of its document
 * @param expires from then on it does nothing
 * @param digest 32 bytes: what is signed
 */
public record AdministratorStatement(
    String tenant,
    Action action,
    String about,
    Instant expires,
    KeyAlgorithm algorithm,
    byte[] key,
    byte[] signature,
    byte[] digest) {
  private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");

  /** What it asks for. */
  public enum Action {
    FREEZE("freeze", "sharekeep/freeze/v1\n"),
    UNFREEZE("unfreeze", "sharekeep/freeze/v1\n"),
    CANCEL_POLICY("cancel-policy", "sharekeep/policy-cancel/v1\n");

    private final String label;
    private final String domain;

    Action(String label, String domain) {
      this.label = label;
      this.domain = domain;
    }

    public String label() {
      return label;
    }
  }

  /** Either a statement or what is wrong with it. */
  public sealed interface Parsed {
    record Valid(AdministratorStatement statement) implements Parsed {}

    record Malformed(String reason) implements Parsed {}
  }

  /** Reads strictly; says nothing of whether the signature holds. */
  public static Parsed parse(byte[] json) {
    try {
      return new Parsed.Valid(
          JsonFields.read(StrictJson.object(json), "", AdministratorStatement::signed));
    } catch (MalformedJson e) {
      return new Parsed.Malformed(e.reason());
    }
  }

  private static AdministratorStatement signed(JsonFields fields) {
    var statement = fields.raw("statement");
    var algorithm = SignatureKeys.algorithm(fields.text("algorithm", 16));
    byte[] key = fields.hex("key", 40, 128);
    byte[] signature = fields.hex("signature", 64, 64);
    return JsonFields.read(
        statement,
        "statement",
        said -> {
          said.integer("v", 1, 1);
          said.text("nonce", 32, NONCE, "32 lower-case hex digits");
          var action = action(said.text("action", 16));
          return new AdministratorStatement(
              said.text("tenant", 64),
              action,
              said.text("about", 64),
              said.instant("expires"),
              algorithm,
              key,
              signature,
              CanonicalJson.digest(action.domain, CanonicalJson.bytes(statement)));
        });
  }

  private static Action action(String label) {
    return Arrays.stream(Action.values())
        .filter(action -> action.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new MalformedJson("action must be freeze, unfreeze or cancel-policy"));
  }

  public boolean verifies() {
    return SignatureKeys.verifies(algorithm, key, digest, signature);
  }

  /** A fresh one, signed, as {@link #parse} reads it. */
  public static byte[] signed(
      String tenant,
      Action action,
      String about,
      Instant expires,
      KeyAlgorithm algorithm,
      byte[] spki,
      UnaryOperator<byte[]> signer) {
    byte[] nonce = new byte[16];
    new SecureRandom().nextBytes(nonce);
    var statement = JsonNodeFactory.instance.objectNode();
    statement.put("v", 1);
    statement.put("tenant", tenant);
    statement.put("action", action.label());
    statement.put("about", about);
    statement.put("expires", expires.toString());
    statement.put("nonce", HexFormat.of().formatHex(nonce));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("statement", statement);
    json.put("algorithm", algorithm.label());
    json.put("key", HexFormat.of().formatHex(spki));
    json.put(
        "signature",
        HexFormat.of()
            .formatHex(
                signer.apply(CanonicalJson.digest(action.domain, CanonicalJson.bytes(statement)))));
    return json.toString().getBytes(UTF_8);
  }
}
