package io.sharekeep.enclave.rules;

import static io.sharekeep.enclave.rules.Policies.EXCHANGE;
import static io.sharekeep.enclave.rules.Policies.NOON;
import static io.sharekeep.enclave.rules.Policies.SANCTIONED;
import static io.sharekeep.enclave.rules.Policies.pays;
import static io.sharekeep.enclave.rules.Policies.usdc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.rules.Facts.Part;
import io.sharekeep.enclave.rules.Ruling.Result;
import io.sharekeep.enclave.rules.Ruling.Why;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.Call;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Destination;
import io.sharekeep.intent.Fee;
import io.sharekeep.intent.Grant;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final String STRANGER = "0x1111111111111111111111111111111111111111";

  private static Result decide(Facts facts) {
    return Policies.evaluator(Policies.policy())
        .decide(facts, NOON, Set.of(), Windows.EMPTY)
        .result();
  }

  private static Result decide(Facts facts, String... approvals) {
    return Policies.evaluator(Policies.policy())
        .decide(facts, NOON, Set.of(approvals), Windows.EMPTY)
        .result();
  }

  private static void denied(Why why, String rule, Result result) {
    var denied = assertInstanceOf(Result.Denied.class, result);
    assertEquals(why, denied.why(), denied.reason());
    assertEquals(rule, denied.rule());
  }

  @Test
  void aSmallPaymentOfTheServiceIsApprovedAtOnce() {
    assertEquals(new Result.Approved("small"), decide(pays("svc", usdc(5000, EXCHANGE))));
  }

  @Test
  void aLargeOneWaitsForWeightPeopleAndRisk() {
    var large = pays("svc", usdc(12_000, EXCHANGE));
    var deferred = assertInstanceOf(Result.Deferred.class, decide(large));
    assertEquals("large", deferred.rule());
    assertEquals(Duration.ofHours(4), deferred.within());
    assertInstanceOf(Result.Deferred.class, decide(large, "alice", "bob"));
    // Carol counts for treasury or for risk, never for both.
    assertInstanceOf(Result.Deferred.class, decide(large, "alice", "carol"));
    assertInstanceOf(Result.Deferred.class, decide(large, "carol", "dave"));
    assertEquals(new Result.Approved("large"), decide(large, "alice", "bob", "carol"));
    assertEquals(new Result.Approved("large"), decide(large, "alice", "carol", "dave"));
  }

  @Test
  void whoAsksDoesNotApprove() {
    var own = pays("alice", usdc(12_000, EXCHANGE));
    assertInstanceOf(Result.Deferred.class, decide(own, "alice", "bob", "dave"));
    assertEquals(new Result.Approved("large"), decide(own, "bob", "carol", "dave"));
  }

  @Test
  void servicesAndStrangersApproveNothing() {
    var large = pays("svc", usdc(12_000, EXCHANGE));
    assertInstanceOf(Result.Deferred.class, decide(large, "alice", "svc", "zoe", "dave"));
  }

  @Test
  void whatNoRuleAllowsIsDenied() {
    denied(Why.DEFAULT, "default-deny", decide(pays("svc", usdc(1, STRANGER))));
    denied(Why.DEFAULT, "default-deny", decide(pays("svc", usdc(250_001, EXCHANGE))));
  }

  @Test
  void anAllowCoversEveryTransfer() {
    denied(Why.DEFAULT, "default-deny", decide(pays("svc", usdc(1, EXCHANGE), usdc(1, STRANGER))));
  }

  @Test
  void aDenyNeedsOneTransferOnly() {
    denied(Why.DENY, "screened", decide(pays("svc", usdc(1, EXCHANGE), usdc(1, SANCTIONED))));
  }

  @Test
  void aTransactionWithoutPartsIsCoveredByNoRuleThatSpeaksOfThem() {
    denied(Why.DEFAULT, "default-deny", decide(pays("svc")));
  }

  @Test
  void caseIsNoWayAroundAnEvmList() {
    denied(
        Why.DENY,
        "screened",
        decide(pays("svc", usdc(1, SANCTIONED.toUpperCase(java.util.Locale.ROOT)))));
  }

  @Test
  void powerHiddenBesideATransferIsStillPower() {
    var grant =
        new Part.Power(
            new Grant(
                Grant.Form.APPROVE,
                Policies.USDC,
                new Destination(Policies.ETHEREUM, EXCHANGE),
                Optional.of(BigInteger.ONE),
                Optional.empty()));
    denied(Why.DENY, "no-power", decide(pays("svc", usdc(1, EXCHANGE), grant)));
  }

  @Test
  void outOfHoursIsDeniedInTheNamedZone() {
    var evaluator = Policies.evaluator(Policies.policy());
    var payment = pays("svc", usdc(1, EXCHANGE));
    for (var night :
        Set.of("2027-01-11T05:59:59Z", "2027-01-11T19:00:00Z", "2027-01-16T11:00:00Z")) {
      denied(
          Why.DENY,
          "night",
          evaluator.decide(payment, Instant.parse(night), Set.of(), Windows.EMPTY).result());
    }
    assertEquals(
        new Result.Approved("small"),
        evaluator
            .decide(payment, Instant.parse("2027-01-11T06:00:00Z"), Set.of(), Windows.EMPTY)
            .result());
  }

  @Test
  void aStaleMissingOrForeignScreeningListDenies() {
    var payment = pays("svc", usdc(1, EXCHANGE));
    var exchanges = Policies.list("exchanges");
    var fresh = Policies.list("sanctions");
    var lists =
        Map.of(
            "old", Policies.listing("sanctions", Listing.Type.SCREENING, "2027-01-08T10:59:59Z"),
            "early", Policies.listing("sanctions", Listing.Type.SCREENING, "2027-01-11T11:00:01Z"),
            "type",
                Policies.listing("sanctions", Listing.Type.DESTINATIONS, "2027-01-10T00:00:00Z"),
            "name", Policies.listing("sanction", Listing.Type.SCREENING, "2027-01-10T00:00:00Z"),
            "expired",
                new Listing(
                    "acme",
                    "sanctions",
                    Listing.Type.SCREENING,
                    1,
                    Optional.empty(),
                    fresh.issued(),
                    Optional.of(NOON),
                    fresh.since()),
            "tenant",
                new Listing(
                    "other",
                    "sanctions",
                    Listing.Type.SCREENING,
                    1,
                    Optional.empty(),
                    fresh.issued(),
                    fresh.expires(),
                    fresh.since()));
    denied(
        Why.DENY,
        "screened",
        new Evaluator(Policies.policy(), Map.of("exchanges", exchanges))
            .decide(payment, NOON, Set.of(), Windows.EMPTY)
            .result());
    lists.forEach((what, list) ->
        denied(
            Why.DENY,
            "screened",
            new Evaluator(Policies.policy(), Map.of("exchanges", exchanges, "sanctions", list))
                .decide(payment, NOON, Set.of(), Windows.EMPTY)
                .result()));
  }

  @Test
  void anAddressCoolsOffBeforeItIsPaid() {
    var young =
        Policies.listing("exchanges", Listing.Type.DESTINATIONS, "2027-01-10T11:00:01Z", EXCHANGE);
    var lists = Map.of("exchanges", young, "sanctions", Policies.list("sanctions"));
    var evaluator = new Evaluator(Policies.policy(), lists);
    var payment = pays("svc", usdc(1, EXCHANGE));
    denied(
        Why.DEFAULT,
        "default-deny",
        evaluator.decide(payment, NOON, Set.of(), Windows.EMPTY).result());
    assertEquals(
        new Result.Approved("small"),
        evaluator.decide(payment, NOON.plusSeconds(1), Set.of(), Windows.EMPTY).result());
  }

  @Test
  void aMissingListBehindAnAllowRuleDeniesAndDoesNotFallThrough() {
    var sanctions = Policies.list("sanctions");
    var open = rule("{\"id\":\"open\",\"effect\":\"allow\",\"match\":{\"kind\":\"transfer\"}}");
    var other =
        Policies.listing("exchanges", Listing.Type.SCREENING, "2027-01-01T00:00:00Z", EXCHANGE);
    for (var lists :
        List.of(
            Map.of("sanctions", sanctions), Map.of("sanctions", sanctions, "exchanges", other))) {
      denied(
          Why.ALLOW_FAILED,
          "small",
          new Evaluator(Policies.policy(open), lists)
              .decide(pays("svc", usdc(1, EXCHANGE)), NOON, Set.of(), Windows.EMPTY)
              .result());
    }
  }

  private static Consumer<ObjectNode> rule(String json) {
    return policy -> ((ArrayNode) policy.get("rules")).add(Policies.parsed(json));
  }

  @Test
  void limitsHoldWhateverRuleAllowsAndToTheUnit() {
    var evaluator = Policies.evaluator(Policies.policy());
    var payment = pays("svc", usdc(5000, EXCHANGE));
    assertEquals(
        new Result.Approved("small"),
        evaluator.decide(payment, NOON, Set.of(), spent("usdc-day", "495000000000")).result());
    denied(
        Why.LIMIT,
        "usdc-day",
        evaluator.decide(payment, NOON, Set.of(), spent("usdc-day", "495000000001")).result());
    denied(
        Why.LIMIT, "rate", evaluator.decide(payment, NOON, Set.of(), spent("rate", "20")).result());
    denied(
        Why.LIMIT,
        "new-dest",
        evaluator.decide(payment, NOON, Set.of(), spent("new-dest", "5")).result());
  }

  private static Windows spent(String limit, String amount) {
    return new Windows() {
      @Override
      public BigInteger spent(Limit of, String bucket) {
        return of.id().equals(limit) ? new BigInteger(amount) : BigInteger.ZERO;
      }

      @Override
      public int unseen(Limit of, String bucket, Set<String> destinations) {
        return destinations.size();
      }
    };
  }

  @Test
  void severalTransfersOfOneTransactionAddUp() {
    var most = policyWithLimit("10000");
    denied(
        Why.LIMIT,
        "usdc-day",
        Policies.evaluator(most)
            .decide(
                pays("svc", usdc(5000, EXCHANGE), usdc(5000, EXCHANGE), usdc(1, EXCHANGE)),
                NOON,
                Set.of(),
                Windows.EMPTY)
            .result());
  }

  private static Policy policyWithLimit(String sum) {
    return Policies.policy(json -> ((ObjectNode) json.at("/limits/0")).put("sum", sum));
  }

  @Test
  void theFeeCountsWhereTheLimitIsOnItsAsset() {
    var policy =
        Policies.policy(json ->
            ((ArrayNode) json.get("limits"))
                .add(
                    Policies.parsed(
                        "{\"id\":\"eth-day\",\"match\":{\"asset\":\"eth\"},\"window\":\"24h\","
                            + "\"sum\":\"0.0062\"}")));
    denied(
        Why.LIMIT,
        "eth-day",
        Policies.evaluator(policy)
            .decide(pays("svc", usdc(1, EXCHANGE)), NOON, Set.of(), Windows.EMPTY)
            .result());
  }

  @Test
  void whatGoesToAWalletOfOursIsNotSpent() {
    var payment = pays("svc", usdc(5000, EXCHANGE));
    var own =
        new Facts(
            payment.initiator(),
            payment.committee(),
            payment.wallet(),
            payment.purpose(),
            payment.kinds(),
            payment.chain(),
            payment.parts(),
            payment.fee(),
            Set.of(Facts.canonical(Policies.ETHEREUM, EXCHANGE)),
            payment.quorum(),
            Optional.empty());
    var charges =
        Policies.evaluator(Policies.policy()).decide(own, NOON, Set.of(), Windows.EMPTY).charges();
    assertTrue(
        charges.stream().noneMatch(c -> c.limit().id().equals("usdc-day")), charges.toString());
  }

  @Test
  void invariantsComeBeforeAllRules() {
    var payment = pays("svc", usdc(1, EXCHANGE));
    denied(Why.INVARIANT, "initiator", decide(pays("bob", usdc(1, EXCHANGE))));
    denied(
        Why.INVARIANT,
        "chain",
        decide(with(payment, new ChainId("eip155:5"), payment.fee(), payment.committee())));
    denied(
        Why.INVARIANT,
        "committee",
        decide(with(payment, payment.chain(), payment.fee(), "00".repeat(32))));
    denied(
        Why.INVARIANT,
        "fee-ceiling",
        decide(
            with(
                payment,
                payment.chain(),
                new Fee(Policies.ETHER, new BigInteger("30000000000000001")),
                payment.committee())));
    var later =
        Policies.policy(
            json -> ((ObjectNode) json.get("metadata")).put("notBefore", "2027-01-11T11:00:01Z"));
    denied(
        Why.INVARIANT,
        "not-before",
        Policies.evaluator(later).decide(payment, NOON, Set.of(), Windows.EMPTY).result());
  }

  private static Facts with(Facts facts, ChainId chain, Fee fee, String committee) {
    return new Facts(
        facts.initiator(),
        committee,
        facts.wallet(),
        facts.purpose(),
        facts.kinds(),
        chain,
        facts.parts(),
        fee,
        facts.own(),
        facts.quorum(),
        facts.anomaly());
  }

  @Test
  void aRequireRuleAsksForMoreAndAnUnknownScoreCounts() {
    var odd =
        rule(
            "{\"id\":\"odd\",\"effect\":\"require\",\"match\":{\"anomaly\":{\"gte\":\"0.90\","
                + "\"orUnknown\":true}},\"approvals\":{\"allOf\":[{\"group\":\"risk\"}]}}");
    var evaluator = Policies.evaluator(Policies.policy(odd));
    var payment = pays("svc", usdc(1, EXCHANGE));
    assertInstanceOf(
        Result.Deferred.class, evaluator.decide(payment, NOON, Set.of(), Windows.EMPTY).result());
    assertEquals(
        new Result.Approved("small"),
        evaluator.decide(payment, NOON, Set.of("dave"), Windows.EMPTY).result());
  }

  @Test
  void aContractCallIsBoundByMethodAndArguments() {
    var vault = "0x2222222222222222222222222222222222222222";
    var policy =
        Policies.policy(json -> {
          json.set(
              "interfaces",
              Policies.parsed(
                  "{\"vault\":{\"methods\":{\"deposit\":{\"selector\":\"0x6e553f65\","
                      + "\"arguments\":[{\"name\":\"assets\",\"type\":\"uint256\"},"
                      + "{\"name\":\"receiver\",\"type\":\"address\"}]}}}}"));
          rule("{\"id\":\"deposit\",\"effect\":\"allow\",\"match\":{\"kind\":\"evm.call\","
                  + "\"contract\":[\"eip155:1:"
                  + vault
                  + "\"],\"method\":{\"interface\":\"vault\",\"name\":\"deposit\",\"arguments\":["
                  + "{\"name\":\"assets\",\"lte\":\"1000\"},"
                  + "{\"name\":\"receiver\",\"in\":[\""
                  + EXCHANGE
                  + "\"]}]}}}")
              .accept(json);
        });
    var evaluator = Policies.evaluator(policy);
    var receiver = "00".repeat(12) + EXCHANGE.substring(2);
    var good = "6e553f65" + "00".repeat(30) + "03e8" + receiver;
    assertEquals(new Result.Approved("deposit"), call(evaluator, vault, good));
    denied(Why.DEFAULT, "default-deny", call(evaluator, vault, good.replace("03e8", "03e9")));
    denied(Why.DEFAULT, "default-deny", call(evaluator, STRANGER, good));
    denied(Why.DEFAULT, "default-deny", call(evaluator, vault, "00000000" + good.substring(8)));
    denied(
        Why.DEFAULT,
        "default-deny",
        call(evaluator, vault, good.substring(0, good.length() - 2) + "00"));
    denied(Why.ALLOW_FAILED, "deposit", call(evaluator, vault, good + "00"));
    denied(
        Why.ALLOW_FAILED,
        "deposit",
        call(evaluator, vault, good.replace(receiver, "01" + receiver.substring(2))));
  }

  private static Result call(Evaluator evaluator, String contract, String data) {
    return evaluator
        .decide(
            Policies.facts("svc", "evm.call", invoked(contract, data)),
            NOON,
            Set.of(),
            Windows.EMPTY)
        .result();
  }

  private static Part invoked(String contract, String data) {
    return new Part.Invoked(
        new Call(
            new Destination(Policies.ETHEREUM, contract),
            Bytes.ofHex(data.substring(0, 8)),
            Bytes.ofHex(data.substring(8)),
            BigInteger.ZERO));
  }

  @Test
  void anAllowOnAmountsNeverCoversACall() {
    var policy =
        Policies.policy(
            rule(
                "{\"id\":\"any\",\"effect\":\"allow\",\"match\":{\"asset\":\"usdc\","
                    + "\"amount\":{\"lte\":\"5\"}}}"));
    denied(Why.DEFAULT, "default-deny", call(Policies.evaluator(policy), STRANGER, "6e553f65"));
  }

  @Test
  void aStoreThatFailsIsNeverADenial() {
    var broken =
        new Windows() {
          @Override
          public BigInteger spent(Limit limit, String bucket) {
            throw new IllegalStateException("the store is broken");
          }

          @Override
          public int unseen(Limit limit, String bucket, Set<String> destinations) {
            throw new IllegalStateException("the store is broken");
          }
        };
    assertThrows(
        IllegalStateException.class,
        () ->
            Policies.evaluator(Policies.policy())
                .decide(pays("svc", usdc(1, EXCHANGE)), NOON, Set.of(), broken));
  }

  @Test
  void theTraceNamesEveryRuleInOrder() {
    var ruling =
        Policies.evaluator(Policies.policy())
            .decide(pays("svc", usdc(12_000, EXCHANGE)), NOON, Set.of(), Windows.EMPTY);
    assertEquals(
        Policies.policy().rules().stream().map(Rule::id).toList(),
        ruling.trace().stream().map(traced -> traced.rule().id()).toList());
    assertEquals("amount 12000 > 5000", ruling.trace().get(3).verdict().text());
    assertEquals("matched", ruling.trace().get(4).verdict().text());
    var approved =
        Policies.evaluator(Policies.policy())
            .decide(pays("svc", usdc(1, EXCHANGE)), NOON, Set.of(), Windows.EMPTY);
    assertEquals("not reached", approved.trace().get(4).verdict().text());
  }
}
