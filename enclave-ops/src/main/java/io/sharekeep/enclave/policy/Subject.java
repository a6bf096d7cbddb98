package io.sharekeep.enclave.policy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.RequestBody;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.rules.Ceremony;
import io.sharekeep.enclave.rules.Policy;
import io.sharekeep.intent.Intent;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The request that people are asked about, as every party finds it by itself (policy and intents,
 * section 5).
 */
public sealed interface Subject {
  /** The first line of what is hashed. */
  String DOMAIN = "sharekeep/approval/v1\n";

  int VERSION = 1;

  /** The field of a statement, and of a request that waits, which names the ceremony. */
  String CEREMONY = "ceremony";

  /** The field that holds the hash of a transaction that was read. */
  String INTENT = "intentHash";

  /**
   * A transaction is to be signed.
   *
   * @param epoch of the key
   */
  record Transaction(String tenant, SignRequest request, Intent intent, long epoch)
      implements Subject {}

  /** A key is to be made. */
  record KeyGeneration(String tenant, KeyRequest request) implements Subject {}

  String tenant();

  RequestBody request();

  /** Of the key: 0 as long as there is none. */
  default long epoch() {
    return switch (this) {
      case Transaction transaction -> transaction.epoch();
      case KeyGeneration _ -> 0;
    };
  }

  /** Hex: what digest words stand for. */
  default String hash() {
    return switch (this) {
      case Transaction transaction -> transaction.intent().intentHash().hex();
      case KeyGeneration generation -> HexFormat.of().formatHex(generation.request().digest());
    };
  }

  /** The field that holds {@link #hash} where a request or a decision about it is shown. */
  default String hashName() {
    return switch (this) {
      case Transaction _ -> INTENT;
      case KeyGeneration _ -> "requestSha256";
    };
  }

  /** What people read. */
  default List<String> summary() {
    return switch (this) {
      case Transaction transaction -> Summary.of(transaction.intent());
      case KeyGeneration generation -> Summary.of(generation.request());
    };
  }

  /** Names of those whose word about it counts. */
  default Set<String> deciders(Policy policy) {
    return switch (this) {
      case Transaction _ -> policy.holders("approver");
      case KeyGeneration _ ->
          policy.ceremony(Ceremony.KEYGEN).by().allOf().stream()
              .flatMap(clause -> policy.members(clause.group()).stream())
              .collect(Collectors.toUnmodifiableSet());
    };
  }

  /**
   * The statement that a person signs, canonical JSON but for the order of its fields.
   *
   * @param policies hex hashes of the policies under which it is to count
   * @param nonce 32 hex digits, so that no two statements are alike
   */
  default ObjectNode statement(
      String person, Assent.Choice choice, List<String> policies, Instant expires, String nonce) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("v", VERSION);
    json.put("tenant", tenant());
    json.put("requestId", request().requestId());
    json.put("requestSha256", HexFormat.of().formatHex(request().digest()));
    switch (this) {
      case Transaction _ -> json.put("action", "sign").put(INTENT, hash());
      case KeyGeneration _ -> json.put("action", CEREMONY).put(CEREMONY, Ceremony.KEYGEN.label());
    }
    summary().forEach(json.putArray("summary")::add);
    policies.stream().sorted().forEach(json.putArray("policies")::add);
    json.put("keyId", request().keyId().hex());
    json.put("epoch", epoch());
    json.put("decision", choice.label());
    json.put("person", person);
    json.put("expires", expires.toString());
    json.put("nonce", nonce);
    return json;
  }

  /** 32 bytes: what is signed, and a passkey's challenge. */
  static byte[] digest(ObjectNode statement) {
    return CanonicalJson.digest(DOMAIN, CanonicalJson.bytes(statement));
  }
}
