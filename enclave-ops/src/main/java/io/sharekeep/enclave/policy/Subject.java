package io.sharekeep.enclave.policy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.intent.Intent;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * The request that people are asked about, as every party finds it by itself (policy and intents,
 * section 5).
 *
 * @param epoch of the key
 */
public record Subject(String tenant, SignRequest request, Intent intent, long epoch) {
  /** The first line of what is hashed. */
  public static final String DOMAIN = "sharekeep/approval/v1\n";

  static final int VERSION = 1;
  static final String ACTION = "sign";

  /**
   * The statement that a person signs, canonical JSON but for the order of its fields.
   *
   * @param policies hex hashes of the policies under which it is to count
   * @param nonce 32 hex digits, so that no two statements are alike
   */
  public ObjectNode statement(
      String person, Assent.Choice choice, List<String> policies, Instant expires, String nonce) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("v", VERSION);
    json.put("tenant", tenant);
    json.put("action", ACTION);
    json.put("requestId", request.requestId());
    json.put("requestSha256", HexFormat.of().formatHex(request.digest()));
    json.put("intentHash", intent.intentHash().hex());
    Summary.of(intent).forEach(json.putArray("summary")::add);
    policies.stream().sorted().forEach(json.putArray("policies")::add);
    json.put("keyId", request.keyId().hex());
    json.put("epoch", epoch);
    json.put("decision", choice.label());
    json.put("person", person);
    json.put("expires", expires.toString());
    json.put("nonce", nonce);
    return json;
  }

  /** 32 bytes: what is signed, and a passkey's challenge. */
  public static byte[] digest(ObjectNode statement) {
    return CanonicalJson.digest(DOMAIN, CanonicalJson.bytes(statement));
  }
}
