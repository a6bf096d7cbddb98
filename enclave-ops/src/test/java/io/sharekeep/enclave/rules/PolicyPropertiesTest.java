package io.sharekeep.enclave.rules;

import static io.sharekeep.enclave.rules.Policies.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.rules.Facts.Part;
import io.sharekeep.enclave.rules.Ruling.Result;
import io.sharekeep.intent.Destination;
import io.sharekeep.intent.Grant;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds of every policy and every transaction; seeded, some hundred of them. */
class PolicyPropertiesTest {
  private static final List<String> ADDRESSES =
      List.of(Policies.EXCHANGE, Policies.SANCTIONED, "0x1111111111111111111111111111111111111111");
  private static final List<String> PEOPLE = List.of("alice", "bob", "carol", "dave", "svc");

  private final Random random = new Random(6);

  private String word(String... words) {
    return words[random.nextInt(words.length)];
  }

  private String match() {
    var fields = new ArrayList<String>();
    if (random.nextInt(3) == 0) {
      fields.add("\"kind\":\"" + word("transfer", "grant") + "\"");
    }
    if (random.nextInt(3) == 0) {
      fields.add("\"initiator\":\"" + word("svc", "alice") + "\"");
    }
    if (random.nextBoolean()) {
      fields.add("\"asset\":\"usdc\"");
      if (random.nextBoolean()) {
        fields.add(
            "\""
                + word("amount", "total")
                + "\":{\""
                + word("gte", "lte")
                + "\":\""
                + random.nextInt(12)
                + "\"}");
      }
    }
    switch (random.nextInt(5)) {
      case 0 -> fields.add("\"dest\":{\"in\":[\"" + word("exchanges", "sanctions") + "\"]}");
      case 1 ->
          fields.add(
              "\"dest\":{\"address\":[\"eip155:1:" + ADDRESSES.get(random.nextInt(3)) + "\"]}");
      default -> {}
    }
    return "{" + String.join(",", fields) + "}";
  }

  private String requirement() {
    return "{\"allOf\":[{\"group\":\""
        + word("treasury", "risk")
        + "\",\"weight\":"
        + (1 + random.nextInt(3))
        + ",\"distinct\":"
        + (1 + random.nextInt(2))
        + "}]}";
  }

  private String rule(String id, String effect) {
    return "{\"id\":\""
        + id
        + "\",\"effect\":\""
        + effect
        + "\",\"match\":"
        + match()
        + (effect.equals("require") || (effect.equals("allow") && random.nextBoolean())
            ? ",\"approvals\":" + requirement()
            : "")
        + "}";
  }

  private ObjectNode policy() {
    var json = Policies.treasury();
    var rules = json.putArray("rules");
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      rules.add(Policies.parsed(rule("r" + i, word("deny", "allow", "allow", "require"))));
    }
    var limits = json.putArray("limits");
    count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      limits.add(
          Policies.parsed(
              "{\"id\":\"l"
                  + i
                  + "\",\"match\":"
                  + match()
                  + ",\"window\":\"1h\",\""
                  + word("count", "distinctDestinations")
                  + "\":"
                  + random.nextInt(4)
                  + ",\"per\":["
                  + word("\"wallet\"", "\"destination\"", "\"initiator\",\"asset\"")
                  + "]}"));
    }
    return json;
  }

  private Facts facts() {
    var parts = new ArrayList<Part>();
    for (int i = random.nextInt(4); i > 0; i--) {
      var address = ADDRESSES.get(random.nextInt(3));
      parts.add(
          random.nextInt(5) == 0
              ? new Part.Power(
                  new Grant(
                      Grant.Form.APPROVE,
                      Policies.USDC,
                      new Destination(Policies.ETHEREUM, address),
                      random.nextBoolean() ? Optional.empty() : Optional.of(BigInteger.TEN),
                      Optional.empty()))
              : Policies.usdc(random.nextInt(12), address));
    }
    boolean grants = parts.stream().anyMatch(Part.Power.class::isInstance);
    return Policies.facts(
        word("svc", "alice"), grants ? "grant" : "transfer", parts.toArray(new Part[0]));
  }

  private Set<String> approvals() {
    return PEOPLE.stream().filter(_ -> random.nextBoolean()).collect(Collectors.toSet());
  }

  /** The same answer for the same question, as a store would give it. */
  private Windows windows() {
    long seed = random.nextLong();
    return new Windows() {
      @Override
      public BigInteger spent(Limit limit, String bucket) {
        return BigInteger.valueOf(new Random(seed ^ (limit.id() + bucket).hashCode()).nextInt(4));
      }

      @Override
      public int unseen(Limit limit, String bucket, Set<String> destinations) {
        return destinations.size();
      }
    };
  }

  private static Ruling decide(
      ObjectNode json, Facts facts, Set<String> approvals, Windows windows) {
    return Policies.evaluator(PolicyReader.read(json)).decide(facts, NOON, approvals, windows);
  }

  /** Denied, deferred, approved: how far a transaction comes. */
  private static int reach(Result result) {
    return switch (result) {
      case Result.Denied _ -> 0;
      case Result.Deferred _ -> 1;
      case Result.Approved _ -> 2;
    };
  }

  @Test
  void addingADenyLimitOrRequireNeverAllowsMore() {
    var seen = new HashMap<Integer, Integer>();
    for (int i = 0; i < 800; i++) {
      var json = policy();
      var facts = facts();
      var approvals = approvals();
      var windows = windows();
      var before = decide(json, facts, approvals, windows).result();
      seen.merge(reach(before), 1, Integer::sum);
      var rules = (ArrayNode) json.get("rules");
      rules.insert(
          random.nextInt(rules.size() + 1), Policies.parsed(rule("more", word("deny", "require"))));
      var after = decide(json, facts, approvals, windows).result();
      assertTrue(reach(after) <= reach(before), () -> json + "\n" + facts);
    }
    assertTrue(seen.getOrDefault(1, 0) > 12 && seen.getOrDefault(2, 0) > 50, seen.toString());
  }

  @Test
  void shufflingDenyRequireAndLimitsChangesNothing() {
    for (int i = 0; i < 800; i++) {
      var json = policy();
      var facts = facts();
      var approvals = approvals();
      var windows = windows();
      var before = decide(json, facts, approvals, windows);
      shuffleAllButAllow((ArrayNode) json.get("rules"));
      var limits = new ArrayList<com.fasterxml.jackson.databind.JsonNode>();
      json.get("limits").forEach(limits::add);
      Collections.shuffle(limits, random);
      ((ArrayNode) json.get("limits")).removeAll().addAll(limits);
      var after = decide(json, facts, approvals, windows);
      assertEquals(before.word(), after.word(), () -> json + "\n" + facts);
      assertEquals(before.result().rule(), after.result().rule());
      assertEquals(new HashSet<>(before.charges()), new HashSet<>(after.charges()));
    }
  }

  private void shuffleAllButAllow(ArrayNode rules) {
    var allow = new ArrayList<com.fasterxml.jackson.databind.JsonNode>();
    var others = new ArrayList<com.fasterxml.jackson.databind.JsonNode>();
    rules.forEach(r -> (r.get("effect").asText().equals("allow") ? allow : others).add(r));
    Collections.shuffle(others, random);
    rules.removeAll();
    for (var rule : allow) {
      while (!others.isEmpty() && random.nextBoolean()) {
        rules.add(others.removeLast());
      }
      rules.add(rule);
    }
    rules.addAll(others);
  }

  @Test
  void aTighteningNeverMovesADecisionUp() {
    int tightenings = 0;
    for (int i = 0; i < 1200; i++) {
      var json = policy();
      var next = json.deepCopy();
      bend(next);
      var before = PolicyReader.read(json);
      var after = PolicyReader.read(next);
      if (before.equals(after) || !PolicyDiff.tightensOnly(before, after)) {
        continue;
      }
      tightenings++;
      for (int j = 0; j < 20; j++) {
        var facts = facts();
        var approvals = approvals();
        var windows = windows();
        var old = Policies.evaluator(before).decide(facts, NOON, approvals, windows).result();
        var fresh = Policies.evaluator(after).decide(facts, NOON, approvals, windows).result();
        assertTrue(reach(fresh) <= reach(old), () -> json + "\n" + next + "\n" + facts + approvals);
      }
    }
    assertTrue(tightenings > 120, "tightenings: " + tightenings);
  }

  private void bend(ObjectNode json) {
    var rules = (ArrayNode) json.get("rules");
    int at = random.nextInt(rules.size());
    switch (random.nextInt(8)) {
      case 0 -> rules.remove(at);
      case 1 -> rules.insert(at, Policies.parsed(rule("new", word("deny", "allow", "require"))));
      case 2 -> {
        if (rules.get(at).has("approvals")) {
          ((ObjectNode) rules.get(at)).set("approvals", Policies.parsed(requirement()));
        }
      }
      case 3 -> ((ObjectNode) rules.get(at)).set("match", Policies.parsed(match()));
      case 4 -> {
        if (!json.get("limits").isEmpty()) {
          var limit = (ObjectNode) json.at("/limits/0");
          limit.put(limit.has("count") ? "count" : "distinctDestinations", random.nextInt(4));
        }
      }
      case 5 ->
          ((ObjectNode) json.at("/groups/treasury/members")).put("bob", 1 + random.nextInt(2));
      case 6 -> ((ObjectNode) json.at("/fees/eip155:1")).put("max", word("1", "40000000000000000"));
      default -> ((ObjectNode) json.at("/lists/exchanges")).put("coolOff", word("1h", "300d"));
    }
  }

  @Test
  void loosenings() {
    var before = Policies.policy();
    assertTrue(PolicyDiff.tightensOnly(before, Policies.policy()));
    assertFalse(
        PolicyDiff.tightensOnly(
            before, Policies.policy(json -> ((ArrayNode) json.get("rules")).remove(3))));
    assertTrue(
        PolicyDiff.tightensOnly(
            before, Policies.policy(json -> ((ArrayNode) json.get("rules")).remove(4))));
    assertFalse(
        PolicyDiff.tightensOnly(
            before, Policies.policy(json -> ((ArrayNode) json.get("rules")).remove(0))));
    assertFalse(
        PolicyDiff.tightensOnly(
            before,
            Policies.policy(json -> ((ObjectNode) json.at("/limits/0")).put("sum", "500001"))));
    assertFalse(
        PolicyDiff.tightensOnly(
            before,
            Policies.policy(json -> ((ObjectNode) json.at("/limits/0")).put("window", "23h"))));
    assertFalse(
        PolicyDiff.tightensOnly(
            before,
            Policies.policy(json -> ((ObjectNode) json.get("change")).put("timelock", "1h"))));
    assertFalse(
        PolicyDiff.tightensOnly(
            before,
            Policies.policy(json -> ((ArrayNode) json.at("/roles/initiator")).add("dave"))));
  }
}
