package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.appliance.config.YamlDocument;
import io.sharekeep.intent.ChainId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * {@code examples/policies/treasury.yaml} for a committee that exists: its people, keys, wallets
 * and committees instead of the example's, a rule and a limit more for each of the other two
 * chains, a smaller day, and no night, since whoever tries it may do so at any hour.
 */
final class TreasuryPolicy {
  /** The people that the example names, all of them. */
  static final List<String> PEOPLE = List.of("alice", "bob", "carol", "dave", "erin");

  /** The service that it lets ask. */
  static final String SERVICE = "svc-payments";

  /** The list of addresses that may be paid, and that of those that must not. */
  static final String EXCHANGES = "exchanges";

  static final String SANCTIONS = "sanctions";

  private static final String MORE =
      """
      {"assets": {"btc": {"id": "%1$s/slip44:0", "decimals": 8},
                  "sol": {"id": "%2$s/slip44:501", "decimals": 9}},
       "limits": [
         {"id": "btc-day", "match": {"asset": "btc"}, "window": "24h", "sum": "60", "per": ["wallet"]},
         {"id": "sol-day", "match": {"asset": "sol"}, "window": "24h", "sum": "0.01", "per": ["wallet"]}],
       "rules": [
         {"id": "small-sol", "effect": "allow",
          "match": {"wallet": "sol-1", "kind": "transfer", "asset": "sol", "amount": {"lte": "0.001"},
                    "dest": {"in": ["exchanges"]}, "initiator": "svc-payments"}},
         {"id": "large-btc", "effect": "allow",
          "match": {"wallet": "btc-1", "kind": "transfer", "asset": "btc", "amount": {"lte": "50"},
                    "dest": {"in": ["exchanges"]}},
          "approvals": {"allOf": [{"group": "treasury", "weight": 3, "distinct": 2}], "within": "4h"}}],
       "fees": {"%1$s": {"max": "200000"}, "%2$s": {"max": "100000"}}}
      """
          .formatted(ChainId.BITCOIN_TESTNET3, ChainId.SOLANA_TESTNET);

  private final Map<String, Identity> identities;
  private final ObjectNode document;

  /**
   * @param example the policy to start from
   * @param identities of {@link #PEOPLE}, of {@link #SERVICE}, and of who signs {@link #SANCTIONS}
   * @param wallets name in the policy → key
   * @param committees hashes of the committee documents
   */
  TreasuryPolicy(
      Path example,
      Map<String, Identity> identities,
      Map<String, Key> wallets,
      List<String> committees) {
    this.identities = Map.copyOf(identities);
    this.document = read(example);
    PEOPLE.forEach(name -> adapt(object("people." + name), name));
    adapt(object("services." + SERVICE), SERVICE);
    committees.forEach(document.putArray("committees")::add);
    var names = document.putObject("wallets");
    wallets.forEach((name, key) -> names.put(name, key.id()));
    ((ArrayNode) document.get("chains"))
        .add(ChainId.BITCOIN_TESTNET3.name())
        .add(ChainId.SOLANA_TESTNET.name());
    object("lists." + SANCTIONS + ".change")
        .putArray("signedBy")
        .add(publicKey(identity(SANCTIONS)));
    remove("rules", "night");
    object(one("limits", "usdc-day")).put("sum", "200000");
    var more = parsed(MORE);
    object("assets").setAll((ObjectNode) more.get("assets"));
    object("fees").setAll((ObjectNode) more.get("fees"));
    ((ArrayNode) document.get("limits")).addAll((ArrayNode) more.get("limits"));
    ((ArrayNode) document.get("rules")).addAll((ArrayNode) more.get("rules"));
  }

  /**
   * What follows a party's first policy.
   *
   * @param previous hash of that
   */
  ObjectNode of(Member member, String previous) {
    var json = document.deepCopy();
    var metadata = json.putObject("metadata");
    metadata.put("tenant", Operator.TENANT).put("id", Operator.POLICY).put("party", member.name());
    metadata.put("version", 2).put("previous", previous);
    return json;
  }

  /** The list {@link #EXCHANGES}: each address has been there for longer than it has to. */
  static ObjectNode exchanges(Instant now, List<String> addresses) {
    var json = list(EXCHANGES, "destinations", now);
    for (var address : addresses) {
      json.withArray("entries")
          .addObject()
          .put("address", address)
          .put("since", seconds(now.minus(Duration.ofDays(41))));
    }
    return json;
  }

  /** The list {@link #SANCTIONS}, good for a day. */
  static ObjectNode sanctions(Instant now, String address) {
    var json = list(SANCTIONS, "screening", now);
    json.put("expires", seconds(now.plus(Duration.ofDays(1))));
    json.withArray("entries").addObject().put("address", address);
    return json;
  }

  private static ObjectNode list(String name, String type, Instant now) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("apiVersion", "sharekeep.list/v1")
        .put("tenant", Operator.TENANT)
        .put("name", name)
        .put("type", type)
        .put("version", 1)
        .put("issued", seconds(now));
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private void adapt(ObjectNode actor, String name) {
    actor.removeAll();
    actor.putArray("keys").add(publicKey(identity(name)));
    actor.putArray("tls").add(identity(name).tlsPin());
  }

  private Identity identity(String name) {
    var identity = identities.get(name);
    if (identity == null) {
      throw new IllegalArgumentException("nobody is " + name);
    }
    return identity;
  }

  private static ObjectNode publicKey(Identity identity) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("algorithm", "ed25519")
        .put("key", identity.publicKey());
  }

  private void remove(String list, String id) {
    var all = (ArrayNode) document.get(list);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).path("id").asText().equals(id)) {
        all.remove(i);
        return;
      }
    }
    throw missing(list + " " + id);
  }

  private JsonNode one(String list, String id) {
    for (var one : document.path(list)) {
      if (one.path("id").asText().equals(id)) {
        return one;
      }
    }
    throw missing(list + " " + id);
  }

  private ObjectNode object(String dotted) {
    JsonNode node = document;
    for (var name : dotted.split("\\.", -1)) {
      node = node.path(name);
    }
    if (!node.isObject()) {
      throw missing(dotted);
    }
    return (ObjectNode) node;
  }

  private static ObjectNode object(JsonNode node) {
    return (ObjectNode) node;
  }

  private static IllegalStateException missing(String what) {
    return new IllegalStateException("the example policy has no " + what);
  }

  private static ObjectNode read(Path file) {
    try {
      return YamlDocument.read(file.toString(), Files.readString(file, UTF_8)).json();
    } catch (IOException e) {
      throw new UncheckedIOException("the example policy cannot be read", e);
    }
  }

  private static JsonNode parsed(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
