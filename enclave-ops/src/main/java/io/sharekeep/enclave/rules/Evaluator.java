package io.sharekeep.enclave.rules;

import io.sharekeep.enclave.rules.Facts.Part;
import io.sharekeep.enclave.rules.Ruling.Result;
import io.sharekeep.enclave.rules.Ruling.Traced;
import io.sharekeep.enclave.rules.Ruling.Why;
import io.sharekeep.enclave.rules.Verdict.Failed;
import io.sharekeep.enclave.rules.Verdict.Matched;
import io.sharekeep.intent.AssetId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Holds transactions against one policy (policy and intents, section 3): invariants, every deny,
 * every limit, the first allow, approvals, and no where nothing was said. A function of its
 * arguments alone. Safe for any thread.
 */
public final class Evaluator {
  /** The rule that is named where none speaks. */
  public static final String DEFAULT_DENY = "default-deny";

  /** An approval is waited for so long where the policy does not say. */
  static final Duration WITHIN = Duration.ofHours(24);

  private final Policy policy;
  private final Map<AssetId, Integer> decimals = new HashMap<>();
  private final Membership lists;
  private final Approvers approvers;

  /**
   * @param lists by name, as far as they are there; their signatures are verified already
   */
  public Evaluator(Policy policy, Map<String, Listing> lists) {
    this.policy = policy;
    this.lists = new Membership(policy.header().tenant(), policy.lists(), Map.copyOf(lists));
    this.approvers = new Approvers(policy.groups());
    policy.assets().values().forEach(asset -> decimals.put(asset.id(), asset.decimals()));
  }

  public Policy policy() {
    return policy;
  }

  /**
   * Decides.
   *
   * @param approvals people whose approval of this very transaction was verified
   * @param windows what counts against limits so far; what it throws is passed on, so that a store
   *     that fails is never taken for a denial
   */
  public Ruling decide(Facts facts, Instant at, Set<String> approvals, Windows windows) {
    var trace = new ArrayList<Traced>();
    var invariant = invariant(facts, at);
    if (invariant.isPresent()) {
      policy.rules().forEach(rule -> trace.add(new Traced(rule, new Verdict.Skipped())));
      return new Ruling(invariant.get(), List.of(), trace);
    }
    var matching = new Matching(decimals, lists, facts, at);
    boolean decided = false;
    for (var rule : policy.rules()) {
      var verdict =
          rule instanceof Rule.Allow && decided
              ? new Verdict.Skipped()
              : guarded(() -> verdict(matching, rule));
      decided |= rule instanceof Rule.Allow && !(verdict instanceof Verdict.Unmatched);
      trace.add(new Traced(rule, verdict));
    }
    var charges = new ArrayList<Charge>();
    var limited = limited(new Charges(matching, facts, windows), charges);
    Result result =
        denied(trace).or(() -> limited).orElseGet(() -> allowed(trace, facts, approvals));
    return new Ruling(result, charges, trace);
  }

  /** Whose approval a requirement still needs, in words. */
  public List<String> missing(Requirement requirement, Set<String> people, String initiator) {
    return approvers.missing(requirement, people, initiator);
  }

  /** Whose approval a ceremony still needs, in words; it waits for no time lock. */
  public List<String> missing(Ceremony ceremony, Set<String> approvals, String initiator) {
    var rule = policy.ceremony(ceremony);
    return rule.timelock().isZero()
        ? approvers.missing(rule.by(), approvals, initiator)
        : List.of("its time lock of " + rule.timelock());
  }

  /**
   * Decides about a ceremony that waits for people.
   *
   * @param asks who wants it, and may ask for it: one of those who agree, unless the policy
   *     excludes that
   * @param approvals people whose approval of this very request was verified
   */
  public Ruling decide(Ceremony ceremony, String asks, Set<String> approvals) {
    var rule = policy.ceremony(ceremony);
    var name = "ceremony-" + ceremony.label();
    if (!rule.timelock().isZero()) {
      return Ruling.of(
          new Result.Denied(Why.INVARIANT, name, "nothing waits for its time lock here"));
    }
    var people = new HashSet<>(approvals);
    people.add(asks);
    var missing = approvers.missing(rule.by(), people, asks);
    return Ruling.of(
        missing.isEmpty()
            ? new Result.Approved(name)
            : new Result.Deferred(name, missing, rule.by().within().orElse(WITHIN)));
  }

  private static Verdict verdict(Matching matching, Rule rule) {
    return switch (rule) {
      case Rule.Deny deny -> matching.some(deny.match());
      case Rule.Require require -> matching.some(require.match());
      case Rule.Allow allow -> matching.every(allow.match());
    };
  }

  /** Whatever goes wrong inside a rule denies; it never ends the evaluation. */
  private static Verdict guarded(Supplier<Verdict> evaluation) {
    try {
      return evaluation.get();
    } catch (RuntimeException e) {
      return new Failed("it cannot be evaluated (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** What must hold before any rule is asked. */
  private Optional<Result> invariant(Facts facts, Instant at) {
    if (policy.header().notBefore().filter(at::isBefore).isPresent()) {
      return no("not-before", "this policy comes into force later");
    }
    if (!policy.holders("initiator").contains(facts.initiator())) {
      return no("initiator", facts.initiator() + " may not ask for signatures");
    }
    if (!policy.committees().contains(facts.committee())) {
      return no("committee", "this party does not accept committee " + facts.committee());
    }
    if (!policy.chains().contains(facts.chain())) {
      return no("chain", facts.chain() + " is not among the policy's chains");
    }
    return fee(facts);
  }

  private Optional<Result> fee(Facts facts) {
    var ceiling = policy.fees().get(facts.chain());
    if (ceiling == null) {
      return Optional.empty();
    }
    var fee = facts.fee().most();
    if (fee.compareTo(ceiling.most()) > 0) {
      return no("fee-ceiling", "the fee can be " + fee + ", above the ceiling " + ceiling.most());
    }
    if (ceiling.share().isPresent()) {
      var moved = BigInteger.ZERO;
      for (var part : facts.parts()) {
        if (part instanceof Part.Payment(var transfer)
            && transfer.asset().equals(facts.fee().asset())) {
          moved = moved.add(transfer.amount());
        }
      }
      if (new BigDecimal(fee).compareTo(ceiling.share().get().multiply(new BigDecimal(moved)))
          > 0) {
        return no(
            "fee-ceiling",
            "the fee can be " + fee + ", more than the share " + ceiling.share().get());
      }
    }
    return Optional.empty();
  }

  private static Optional<Result> no(String rule, String reason) {
    return Optional.of(new Result.Denied(Why.INVARIANT, rule, reason));
  }

  /** A deny that matches or fails. Of several the first by name, whatever their order is. */
  private static Optional<Result> denied(List<Traced> trace) {
    return trace.stream()
        .filter(traced -> traced.rule() instanceof Rule.Deny)
        .filter(traced -> speaks(traced.verdict()))
        .min(Comparator.comparing(traced -> traced.rule().id()))
        .map(traced -> new Result.Denied(Why.DENY, traced.rule().id(), traced.verdict().text()));
  }

  private static boolean speaks(Verdict verdict) {
    return verdict instanceof Matched || verdict instanceof Failed;
  }

  /** Every limit is charged, also when another one refuses already. */
  private Optional<Result> limited(Charges charges, List<Charge> into) {
    var refusals = new ArrayList<Result.Denied>();
    for (var limit : policy.limits()) {
      switch (charges.of(limit)) {
        case Charges.Counted.Charged(var taken) -> {
          into.addAll(taken);
          taken.stream()
              .filter(charge -> !charge.fits())
              .findFirst()
              .ifPresent(
                  charge -> refusals.add(new Result.Denied(Why.LIMIT, limit.id(), charge.text())));
        }
        case Charges.Counted.Unknown(String why) ->
            refusals.add(new Result.Denied(Why.LIMIT, limit.id(), why));
      }
    }
    return refusals.stream()
        .min(Comparator.comparing(Result.Denied::rule))
        .map(Function.identity());
  }

  private Result allowed(List<Traced> trace, Facts facts, Set<String> approvals) {
    var failed =
        trace.stream()
            .filter(traced -> !(traced.rule() instanceof Rule.Deny))
            .filter(traced -> traced.verdict() instanceof Failed)
            .findFirst();
    if (failed.isPresent()) {
      return new Result.Denied(
          Why.ALLOW_FAILED, failed.get().rule().id(), failed.get().verdict().text());
    }
    for (var traced : trace) {
      if (traced.rule() instanceof Rule.Allow allow && traced.verdict() instanceof Matched) {
        return approved(allow, trace, facts, approvals);
      }
    }
    return new Result.Denied(Why.DEFAULT, DEFAULT_DENY, "no rule allows it");
  }

  private Result approved(
      Rule.Allow allow, List<Traced> trace, Facts facts, Set<String> approvals) {
    var requirements = new ArrayList<Requirement>();
    allow.approvals().ifPresent(requirements::add);
    for (var traced : trace) {
      if (traced.rule() instanceof Rule.Require require && traced.verdict() instanceof Matched) {
        requirements.add(require.approvals());
      }
    }
    var missing = new ArrayList<String>();
    var within = WITHIN;
    for (var requirement : requirements) {
      missing.addAll(approvers.missing(requirement, approvals, facts.initiator()));
      within = requirement.within().filter(within(within)).orElse(within);
    }
    return missing.isEmpty()
        ? new Result.Approved(allow.id())
        : new Result.Deferred(allow.id(), missing, within);
  }

  private static java.util.function.Predicate<Duration> within(Duration shortest) {
    return duration -> duration.compareTo(shortest) < 0;
  }
}
