package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Documents before anybody has signed them. */
final class Drafts {
  static final String TENANT = "demo";
  static final String NETWORK = "testnet";

  private Drafts() {}

  /**
   * @param descriptors what {@code init} wrote for each party, in the parties' order
   * @param owners who signs for each party
   */
  static byte[] committee(
      Shape shape, List<ObjectNode> descriptors, List<Identity> owners, List<String> urls) {
    var document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", "sharekeep.committee/v1");
    document.put("tenant", TENANT);
    document.put("id", shape.id());
    document.put("threshold", shape.threshold());
    document.put("network", NETWORK);
    var parties = document.putArray("parties");
    for (int i = 0; i < shape.parties(); i++) {
      var descriptor = descriptors.get(i);
      var party = parties.addObject();
      party.put("id", i + 1);
      party.put("name", name(i + 1));
      party.put("url", urls.get(i));
      for (var field : List.of("identity", "log", "tls")) {
        party.put(field, descriptor.get(field).textValue());
      }
      party.put("owner", owners.get(i).publicKey());
      // Nobody recovers a demonstration, but no two parties may name one recipient.
      party.put("recoveryRecipient", "%064x".formatted(i + 1));
      var points = party.putArray("points");
      shape.pointsOf(i + 1).forEach(points::add);
    }
    return bytes(document);
  }

  /** One administrator and one service, which may ask for every key and purpose. */
  static byte[] policy(
      int party, Identity administrator, Identity service, List<String> committeeHashes) {
    var document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", "sharekeep.policy/v1");
    document.put("tenant", TENANT);
    document.put("id", "main");
    document.put("party", name(party));
    document.put("version", 1);
    actor(document.putObject("people"), administrator);
    actor(document.putObject("services"), service);
    var committees = document.putArray("committees");
    committeeHashes.forEach(committees::add);
    var roles = document.putObject("roles");
    roles.putArray("administrator").add(administrator.name());
    roles.putArray("initiator").add(service.name());
    var allow = document.putArray("allow").addObject();
    allow.put("id", "payments");
    allow.putArray("initiator").add(service.name());
    allow.putArray("keys").add("*");
    allow.putArray("purposes").add("btc.tx").add("sol.tx");
    return bytes(document);
  }

  static String name(int party) {
    return "party-" + party;
  }

  private static void actor(ObjectNode actors, Identity identity) {
    var actor = actors.putObject(identity.name());
    actor.putArray("keys").addObject().put("algorithm", "ed25519").put("key", identity.publicKey());
    actor.putArray("tls").add(identity.tlsPin());
  }

  private static byte[] bytes(JsonNode document) {
    return (document.toPrettyString() + "\n").getBytes(UTF_8);
  }
}
