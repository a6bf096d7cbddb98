package io.sharekeep.enclave.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.json.MalformedJson;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {
  @Test
  void whatIsWrittenIsWhatIsRead() {
    var policy = Policies.policy();
    assertEquals("acme", policy.header().tenant());
    assertEquals(Set.of("svc", "alice"), policy.holders("initiator"));
    assertEquals(Set.of("alice", "bob", "carol"), policy.holders("administrator"));
    assertEquals(new BigInteger("500000000000"), policy.limits().getFirst().most());
    assertEquals(
        List.of("no-power", "screened", "night", "small", "large"),
        policy.rules().stream().map(Rule::id).toList());
    assertEquals(Set.of(Policies.WALLET), policy.rules().get(3).match().wallets());
    assertEquals(Ceremony.values().length, policy.ceremonies().size());
  }

  /** Each line: a JSON pointer, what to put there (JSON; nothing removes it), the field blamed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/apiVersion; \"sharekeep.policy/v2\"; apiVersion",
        "/kind; \"policy\"; kind",
        "/metadata/version; 0; metadata.version",
        "/metadata/version; 2; metadata.previous",
        "/metadata/previous; \"zz\"; metadata.previous",
        "/metadata/extra; 1; metadata.extra",
        "/people/svc; {}; services.svc",
        "/people/alice/keys/0/key; \"00\"; people.alice.keys[0].key",
        "/people/alice/keys/0/algorithm; \"rsa\"; people.alice.keys[0].algorithm",
        "/services/svc/keys/0/algorithm; \"webauthn-es256\"; services.svc.keys[0].algorithm",
        "/groups/risk/members/dave; 0; groups.risk.members.dave",
        "/groups/risk/members/svc; 1; groups.risk.members.svc",
        "/groups/risk/members/zoe; 1; groups.risk.members.zoe",
        "/groups/alice; {\"members\": {\"bob\": 1}}; groups.alice",
        "/roles/approver; [\"svc\"]; roles.approver",
        "/roles/approver; [\"zoe\"]; roles.approver",
        "/roles/king; [\"bob\"]; roles.king",
        "/committees; [\"x\"]; committees",
        "/chains; [\"ethereum\"]; chains",
        "/assets/usdc/decimals; 78; assets.usdc.decimals",
        "/assets/usdc/id; \"eip155:5/slip44:60\"; assets.usdc.id",
        "/assets/usd2; {\"id\": \"eip155:1/slip44:60\", \"decimals\": 18}; assets.usd2",
        "/wallets/hot; \"hot\"; wallets.hot",
        "/lists/exchanges/type; \"friends\"; lists.exchanges.type",
        "/lists/exchanges/coolOff; \"1 day\"; lists.exchanges.coolOff",
        "/lists/sanctions/maxAge; ; lists.sanctions.maxAge",
        "/lists/sanctions/change/signedBy; []; lists.sanctions.change.signedBy",
        "/limits/0/sum; 500000; limits[0].sum",
        "/limits/0/sum; \"0.0000001\"; limits[0].sum",
        "/limits/0/match/asset; [\"usdc\", \"eth\"]; limits[0].sum",
        "/limits/0/count; 3; limits[0]",
        "/limits/1/window; ; limits[1].window",
        "/limits/1/window; \"0s\"; limits[1].window",
        "/limits/1/per; [\"month\"]; limits[1].per",
        "/limits/1/id; \"usdc-day\"; limits[1].id",
        "/limits/1/match/anomaly; {\"gte\": \"0.9\"}; limits[1].match.anomaly",
        "/rules/0/id; \"night\"; rules[2].id",
        "/rules/0/effect; \"permit\"; rules[0].effect",
        "/rules/0/match/kind; [\"gift\"]; rules[0].match.kind",
        "/rules/0/match/kind; []; rules[0].match.kind",
        "/rules/0/approvals; {\"allOf\": [{\"group\": \"risk\"}]}; rules[0].approvals",
        "/rules/1/match/dest/in; [\"friends\"]; rules[1].match.dest.in",
        "/rules/1/match/dest; {}; rules[1].match.dest.in",
        "/rules/1/match/dest/address; [\"0xab\"]; rules[1].match.dest.address",
        "/rules/2/match/time/tz; \"Zurich\"; rules[2].match.time.tz",
        "/rules/2/match/time/outside; \"20:00-07:00\"; rules[2].match.time.outside",
        "/rules/2/match/time/within; \"07:00-20:00\"; rules[2].match.time.outside",
        "/rules/2/match/time/days; [\"monday\"]; rules[2].match.time.days",
        "/rules/3/match/wallet; \"cold\"; rules[3].match.wallet",
        "/rules/3/match/asset; \"dai\"; rules[3].match.asset",
        "/rules/3/match/asset; ; rules[3].match.amount",
        "/rules/3/match/asset; []; rules[3].match.asset",
        "/rules/3/match/amount; {}; rules[3].match.amount.gte",
        "/rules/3/match/amount/lte; \"-5\"; rules[3].match.amount.lte",
        "/rules/3/match/amount/lte; \"1e3\"; rules[3].match.amount.lte",
        "/rules/3/match/amount/gte; \"5001\"; rules[3].match.amount.gte",
        "/rules/3/match/initiator; \"zoe\"; rules[3].match.initiator",
        "/rules/3/match/anomaly; {\"gte\": \"0.9\"}; rules[3].match.anomaly",
        "/rules/3/match/colour; \"red\"; rules[3].match.colour",
        "/rules/3/match/chain; \"eip155:5\"; rules[3].match.chain",
        "/rules/3/match/method; {\"interface\": \"i\", \"name\": \"m\"};"
            + " rules[3].match.method.interface",
        "/rules/4/approvals/allOf; []; rules[4].approvals.allOf",
        "/rules/4/approvals/allOf/0/group; \"board\"; rules[4].approvals.allOf[0].group",
        "/rules/4/approvals/disjoint; \"yes\"; rules[4].approvals.disjoint",
        "/fees/eip155:1/max; \"0.1\"; fees.eip155:1.max",
        "/fees/eip155:1/maxShare; \"1.5\"; fees.eip155:1.maxShare",
        "/ceremonies/restore; ; ceremonies.restore",
        "/ceremonies/restore/by; \"q9\"; ceremonies.restore.by",
        "/change; ; change",
        "/change/timelock; ; change.timelock",
        "/surprise; true; surprise"
      })
  void eachMistakeIsBlamedOnItsField(String pointer, @Nullable String value, String field) {
    var json = Policies.treasury();
    put(json, pointer, value == null ? null : Policies.parsed("{\"v\":" + value + "}").get("v"));
    var problem = assertThrows(MalformedJson.class, () -> PolicyReader.read(json));
    assertEquals(field, problem.path(), problem.reason());
    assertTrue(problem.reason().length() > field.length());
  }

  private static void put(JsonNode root, String pointer, @Nullable JsonNode value) {
    int slash = pointer.lastIndexOf('/');
    var parent = root.at(pointer.substring(0, slash));
    var name = pointer.substring(slash + 1);
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(name), value);
    } else if (value == null) {
      ((ObjectNode) parent).remove(name);
    } else {
      ((ObjectNode) parent).set(name, value);
    }
  }

  /**
   * Whatever single field is taken away, given twice the depth or another type: no exception but
   * ours.
   */
  @Test
  void noBentDocumentThrowsAnythingElse() {
    var pointers = new ArrayList<String>();
    collect("", Policies.treasury(), pointers);
    var strange =
        List.<JsonNode>of(
            JsonNodeFactory.instance.nullNode(),
            JsonNodeFactory.instance.numberNode(-1),
            JsonNodeFactory.instance.textNode(""),
            JsonNodeFactory.instance.arrayNode().add(1),
            JsonNodeFactory.instance.objectNode().put("x", 1));
    for (var pointer : pointers) {
      for (var value : strange) {
        var json = Policies.treasury();
        put(json, pointer, value);
        assertThrows(MalformedJson.class, () -> PolicyReader.read(json), pointer + " " + value);
      }
    }
  }

  private static void collect(String pointer, JsonNode node, List<String> into) {
    if (!pointer.isEmpty()) {
      into.add(pointer);
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(e -> collect(pointer + "/" + e.getKey(), e.getValue(), into));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(pointer + "/" + i, node.get(i), into);
    }
  }
}
