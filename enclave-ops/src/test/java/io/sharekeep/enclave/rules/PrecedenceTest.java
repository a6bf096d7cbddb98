package io.sharekeep.enclave.rules;

import static io.sharekeep.enclave.rules.Policies.EXCHANGE;
import static io.sharekeep.enclave.rules.Policies.NOON;
import static io.sharekeep.enclave.rules.Policies.pays;
import static io.sharekeep.enclave.rules.Policies.usdc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.rules.Facts.Part;
import io.sharekeep.enclave.rules.Ruling.Result;
import io.sharekeep.enclave.rules.Ruling.Why;
import io.sharekeep.intent.Destination;
import io.sharekeep.intent.Fee;
import io.sharekeep.intent.Transfer;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What decides where several things could, and what cannot be told. */
class PrecedenceTest {
  private static final Windows FULL =
      new Windows() {
        @Override
        public BigInteger spent(Limit limit, String bucket) {
          return limit.most();
        }

        @Override
        public int unseen(Limit limit, String bucket, Set<String> destinations) {
          return destinations.size();
        }
      };

  private static void denied(Why why, String rule, Result result) {
    var denied = assertInstanceOf(Result.Denied.class, result);
    assertEquals(why, denied.why(), denied.reason());
    assertEquals(rule, denied.rule(), denied.reason());
  }

  private static Facts with(Facts facts, Fee fee) {
    return new Facts(
        facts.initiator(),
        facts.committee(),
        facts.wallet(),
        facts.purpose(),
        facts.kinds(),
        facts.chain(),
        facts.parts(),
        fee,
        facts.own(),
        facts.quorum(),
        facts.anomaly());
  }

  @Test
  void aFeeAboveItsShareOfWhatMovesIsRefused() {
    var evaluator =
        Policies.evaluator(
            Policies.policy(json -> {
              ((ObjectNode) json.at("/fees/eip155:1")).put("maxShare", "0.05");
              ((ObjectNode) json.at("/rules/3/match")).put("asset", "eth");
            }));
    var fee = new Fee(Policies.ETHER, BigInteger.valueOf(50));
    for (long moved : List.of(1000L, 999L)) {
      var payment =
          pays(
              "svc",
              new Part.Payment(
                  new Transfer(
                      Policies.ETHER,
                      new Destination(Policies.ETHEREUM, EXCHANGE),
                      BigInteger.valueOf(moved))));
      var result = evaluator.decide(with(payment, fee), NOON, Set.of(), Windows.EMPTY).result();
      if (moved == 1000) {
        assertEquals(new Result.Approved("small"), result);
      } else {
        denied(Why.INVARIANT, "fee-ceiling", result);
      }
    }
  }

  @Test
  void aLimitThatCannotBeToldIsNoLimitThatHolds() {
    var policy =
        Policies.policy(json ->
            json.withArray("limits")
                .add(
                    Policies.parsed(
                        """
                        {"id": "listed", "match": {"dest": {"in": ["exchanges"]}}, "window": "24h", "count": 5}
                        """)));
    denied(
        Why.LIMIT,
        "listed",
        new Evaluator(policy, Map.of("sanctions", Policies.list("sanctions")))
            .decide(pays("svc", usdc(1, EXCHANGE)), NOON, Set.of(), Windows.EMPTY)
            .result());
  }

  @Test
  void aDenyIsNamedBeforeALimit() {
    denied(
        Why.DENY,
        "screened",
        Policies.evaluator(Policies.policy())
            .decide(pays("svc", usdc(1, Policies.SANCTIONED)), NOON, Set.of(), FULL)
            .result());
  }

  @Test
  void theShortestWaitOfAllRequirementsHolds() {
    var policy =
        Policies.policy(json -> {
          for (var within : List.of("1h", "9h")) {
            json.withArray("rules")
                .add(
                    Policies.parsed(
                        """
                        {"id": "r%1$s", "effect": "require", "match": {"kind": "transfer"},
                         "approvals": {"allOf": [{"group": "risk"}], "within": "%1$s"}}
                        """
                            .formatted(within)));
          }
        });
    var result =
        Policies.evaluator(policy)
            .decide(pays("svc", usdc(9000, EXCHANGE)), NOON, Set.of(), Windows.EMPTY)
            .result();
    assertEquals(Duration.ofHours(1), assertInstanceOf(Result.Deferred.class, result).within());
  }

  @Test
  void aCeremonyWithATimeLockIsNeverReadyAtOnce() {
    var people = Set.of("alice", "bob");
    var policy =
        Policies.policy(
            json -> ((ObjectNode) json.at("/ceremonies/unfreeze")).put("timelock", "24h"));
    var evaluator = Policies.evaluator(policy);
    assertEquals(List.of(), evaluator.missing(Ceremony.KEYGEN, people, "dave"));
    assertEquals(
        List.of("its time lock of PT24H"), evaluator.missing(Ceremony.UNFREEZE, people, "dave"));
    assertEquals(1, evaluator.missing(Ceremony.KEYGEN, Set.of("alice"), "dave").size());
  }

  private static Result keygen(String quorum, String asks, String... approvals) {
    var policy =
        Policies.policy(json -> {
          ((ObjectNode) json.path("quorums")).set("keys", Policies.parsed(quorum));
          ((ObjectNode) json.at("/ceremonies/keygen")).put("by", "keys");
        });
    return Policies.evaluator(policy).decide(Ceremony.KEYGEN, asks, Set.of(approvals)).result();
  }

  @Test
  void whoAsksForACeremonyIsOneOfThoseWhoAgreeUnlessThatIsExcluded() {
    var rule = new Result.Approved("ceremony-keygen");
    for (boolean excluded : List.of(true, false)) {
      var quorum =
          "{\"allOf\": [{\"group\": \"treasury\", \"distinct\": 2}], \"within\": \"3h\","
              + " \"excludeInitiator\": %s}".formatted(excluded);
      var alone = assertInstanceOf(Result.Deferred.class, keygen(quorum, "alice"));
      assertEquals(Duration.ofHours(3), alone.within());
      assertEquals("ceremony-keygen", alone.rule());
      assertEquals(!excluded, rule.equals(keygen(quorum, "alice", "bob")));
      assertEquals(rule, keygen(quorum, "alice", "bob", "carol"));
      assertInstanceOf(Result.Deferred.class, keygen(quorum, "alice", "alice", "dave"));
    }
  }

  @Test
  void noApprovalWaitsForATimeLockOfACeremony() {
    var policy =
        Policies.policy(json -> ((ObjectNode) json.at("/ceremonies/keygen")).put("timelock", "1s"));
    var people = Set.of("alice", "bob", "carol", "dave");
    assertInstanceOf(
        Result.Denied.class,
        Policies.evaluator(policy).decide(Ceremony.KEYGEN, "alice", people).result());
  }

  @Test
  void anAddressMustHaveBeenListedForAsLongAsTheRuleSays() {
    for (var least : List.of("10d", "11d")) {
      var policy =
          Policies.policy(
              json -> ((ObjectNode) json.at("/rules/3/match/dest")).put("listedFor", least));
      var result =
          Policies.evaluator(policy)
              .decide(pays("svc", usdc(1, EXCHANGE)), NOON, Set.of(), Windows.EMPTY)
              .result();
      assertEquals(least.equals("10d"), result.equals(new Result.Approved("small")), least);
    }
  }
}
