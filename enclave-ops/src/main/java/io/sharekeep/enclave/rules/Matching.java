package io.sharekeep.enclave.rules;

import io.sharekeep.enclave.rules.Facts.Part;
import io.sharekeep.enclave.rules.Verdict.Failed;
import io.sharekeep.enclave.rules.Verdict.Matched;
import io.sharekeep.enclave.rules.Verdict.Unmatched;
import io.sharekeep.intent.AssetId;
import io.sharekeep.intent.Destination;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds what rules and limits name against one transaction. Where a rule denies, one part that
 * matches is enough; where it allows, every part must.
 */
final class Matching {
  private static final Verdict MATCHED = new Matched();

  private final Map<AssetId, Integer> decimals;
  private final Membership lists;
  private final Facts facts;
  private final Instant at;

  /** Said of most of a thousand rules. */
  private final Verdict otherKind;

  /** The one spelling of what a thousand rules ask for. */
  private final Map<AssetId, AssetId> spelledAssets = new HashMap<>();

  private final Map<Destination, String> spelledAddresses = new HashMap<>();
  private final Map<Quantity, Shown> shown = new HashMap<>();

  /** So much of an asset, in base units. */
  private record Quantity(AssetId asset, BigInteger amount) {}

  /** The same in units of the asset, and as people read it. */
  private record Shown(BigDecimal value, String text) {
    static Shown of(BigInteger amount, int decimals) {
      var value = new BigDecimal(amount, decimals);
      return new Shown(value, value.stripTrailingZeros().toPlainString());
    }
  }

  Matching(Map<AssetId, Integer> decimals, Membership lists, Facts facts, Instant at) {
    this.decimals = decimals;
    this.lists = lists;
    this.facts = facts;
    this.at = at;
    this.otherKind =
        new Unmatched("kind is " + String.join(", ", facts.kinds().stream().sorted().toList()));
  }

  private AssetId spelled(AssetId asset) {
    return spelledAssets.computeIfAbsent(asset, Terms::canonical);
  }

  private String spelled(Destination destination) {
    return spelledAddresses.computeIfAbsent(destination, Facts::canonical);
  }

  /** For deny, require and limits: the transaction, and some part of it. */
  Verdict some(Match match) {
    var whole = whole(match, false);
    if (!(whole instanceof Matched) || !match.asksOfParts()) {
      return whole;
    }
    Verdict best = new Unmatched("no transfer, grant or call is meant");
    for (var part : facts.parts()) {
      switch (part(match, part, false)) {
        case Matched matched -> {
          return matched;
        }
        case Failed failed -> best = failed;
        case Unmatched unmatched -> best = best instanceof Failed ? best : unmatched;
        case Verdict.Skipped _ -> throw new IllegalStateException("a part is never skipped");
      }
    }
    return best;
  }

  /** For allow: the transaction, and every part of it. */
  Verdict every(Match match) {
    var whole = whole(match, true);
    if (!(whole instanceof Matched) || !match.asksOfParts()) {
      return whole;
    }
    if (facts.parts().isEmpty()) {
      return new Unmatched("there is no transfer, grant or call");
    }
    for (var part : facts.parts()) {
      var verdict = part(match, part, true);
      if (!(verdict instanceof Matched)) {
        return verdict;
      }
    }
    return MATCHED;
  }

  /** Whether a limit that matches the transaction counts that part. */
  Verdict counts(Match match, Part part) {
    return match.asksOfParts() ? part(match, part, false) : MATCHED;
  }

  /** What concerns the transaction and not its parts. */
  Verdict whole(Match match, boolean all) {
    if (!match.kinds().isEmpty()) {
      boolean holds =
          all
              ? match.kinds().containsAll(facts.kinds())
              : facts.kinds().stream().anyMatch(match.kinds()::contains);
      if (!holds) {
        return otherKind;
      }
    }
    if (!match.wallets().isEmpty() && !match.wallets().contains(facts.wallet())) {
      return new Unmatched("wallet is " + facts.wallet());
    }
    if (!match.purposes().isEmpty() && !match.purposes().contains(facts.purpose())) {
      return new Unmatched("purpose is " + facts.purpose());
    }
    if (!match.initiators().isEmpty() && !match.initiators().contains(facts.initiator())) {
      return new Unmatched("initiator is " + facts.initiator());
    }
    if (!match.chains().isEmpty() && !match.chains().contains(facts.chain().name())) {
      return new Unmatched("chain is " + facts.chain());
    }
    if (!facts.quorum().containsAll(match.quorum())) {
      return new Unmatched("the quorum lacks " + match.quorum());
    }
    if (match.time().isPresent() && !holds(match.time().get())) {
      return new Unmatched(match.time().get().outside() ? "in hours" : "out of hours");
    }
    if (match.anomaly().isPresent() && !holds(match.anomaly().get())) {
      return new Unmatched(
          "anomaly is " + facts.anomaly().map(BigDecimal::toPlainString).orElse("unknown"));
    }
    var fee = match.fee().map(this::fee).orElse(MATCHED);
    return fee instanceof Matched && match.total().isPresent()
        ? total(match, match.total().get(), all)
        : fee;
  }

  private boolean holds(Match.Hours hours) {
    var local = at.atZone(hours.zone());
    var time = local.toLocalTime();
    boolean among =
        hours.days().contains(local.getDayOfWeek())
            && !time.isBefore(hours.from())
            && time.isBefore(hours.until());
    return among != hours.outside();
  }

  private boolean holds(Match.Anomaly anomaly) {
    return facts
        .anomaly()
        .map(score -> score.compareTo(anomaly.least()) >= 0)
        .orElse(anomaly.orUnknown());
  }

  private Verdict fee(Match.FeeRange fee) {
    var asset = spelled(facts.fee().asset());
    if (!asset.equals(fee.asset())) {
      return new Unmatched("the fee is paid in " + asset);
    }
    return range("fee", fee.range(), asset, facts.fee().most());
  }

  private Verdict total(Match match, Match.Range range, boolean all) {
    var totals = new HashMap<AssetId, BigInteger>();
    for (var part : facts.parts()) {
      if (part instanceof Part.Payment(var transfer)) {
        totals.merge(spelled(transfer.asset()), transfer.amount(), BigInteger::add);
      }
    }
    Verdict last = new Unmatched("no asset of it leaves");
    for (var asset : match.assets()) {
      var total = totals.get(asset);
      if (total == null) {
        continue;
      }
      last = range("total", range, asset, total);
      if (all != (last instanceof Matched)) {
        return last;
      }
    }
    return last;
  }

  private Verdict range(String what, Match.Range range, AssetId asset, BigInteger amount) {
    var digits = decimals.get(asset);
    if (digits == null) {
      return new Failed(asset + " is no declared asset");
    }
    var found = shown.computeIfAbsent(new Quantity(asset, amount), _ -> Shown.of(amount, digits));
    if (range.holds(found.value())) {
      return MATCHED;
    }
    return new Unmatched(
        what
            + " "
            + found.text()
            + range
                .most()
                .filter(most -> found.value().compareTo(most) > 0)
                .map(most -> " > " + most.toPlainString())
                .orElseGet(
                    () -> " < " + range.least().map(BigDecimal::toPlainString).orElse("nothing")));
  }

  private Verdict part(Match match, Part part, boolean all) {
    var verdict =
        switch (part) {
          case Part.Payment(var transfer) ->
              value(
                  match, transfer.asset(), Optional.of(transfer.amount()), transfer.destination());
          case Part.Power(var grant) ->
              value(match, grant.asset(), grant.amount(), grant.grantee());
          case Part.Invoked invoked -> invoked(match, invoked, all);
        };
    if (!(verdict instanceof Matched)) {
      return verdict;
    }
    return match.dest().isEmpty() ? MATCHED : receiver(match.dest().get(), part.destination(), all);
  }

  /** A transfer or a grant. */
  private Verdict value(
      Match match, AssetId found, Optional<BigInteger> amount, Destination destination) {
    var asset = spelled(found);
    if (!match.assets().isEmpty() && !match.assets().contains(asset)) {
      return new Unmatched("asset is " + asset);
    }
    if (match.amount().isPresent()) {
      var range = match.amount().get();
      var verdict =
          amount.isPresent()
              ? range("amount", range, asset, amount.get())
              : range.most().isPresent() ? new Unmatched("amount is unlimited") : MATCHED;
      if (!(verdict instanceof Matched)) {
        return verdict;
      }
    }
    if (!match.contracts().isEmpty() && !match.contracts().contains(spelled(destination))) {
      return new Unmatched(destination + " is none of its contracts");
    }
    // Value that goes along with a call is covered where that call is.
    return match.method().isPresent() && !isCalled(match, destination)
        ? new Unmatched("no such method is called there")
        : MATCHED;
  }

  private boolean isCalled(Match match, Destination destination) {
    return facts.parts().stream()
        .anyMatch(part ->
            part instanceof Part.Invoked invoked
                && invoked.destination().equals(destination)
                && method(match.method().orElseThrow(), invoked) instanceof Matched);
  }

  private Verdict invoked(Match match, Part.Invoked invoked, boolean all) {
    if (match.contracts().isEmpty() && match.method().isEmpty()) {
      // A deny that speaks of amounts does not mean it; an allow that does must not cover it.
      return all || !match.assets().isEmpty() || match.amount().isPresent()
          ? new Unmatched("a call is covered only by contract or method")
          : MATCHED;
    }
    if (!match.contracts().isEmpty()
        && !match.contracts().contains(spelled(invoked.destination()))) {
      return new Unmatched(invoked.destination() + " is none of its contracts");
    }
    return match.method().map(method -> method(method, invoked)).orElse(MATCHED);
  }

  private static Verdict method(Match.Invocation method, Part.Invoked invoked) {
    if (!invoked.call().selector().equals(method.method().selector())) {
      return new Unmatched("method is 0x" + invoked.call().selector().hex());
    }
    return method.arguments().isEmpty()
        ? MATCHED
        : CallArguments.hold(method, invoked.call().arguments());
  }

  private Verdict receiver(Match.Receiver receiver, Destination destination, boolean all) {
    var address = spelled(destination);
    if (receiver.own().isPresent() && receiver.own().get() != facts.own().contains(address)) {
      return new Unmatched(destination + (receiver.own().get() ? " is not ours" : " is ours"));
    }
    if (receiver.in().isEmpty() && receiver.addresses().isEmpty()) {
      return MATCHED;
    }
    if (receiver.addresses().contains(address)) {
      return MATCHED;
    }
    return receiver.in().isEmpty()
        ? new Unmatched(destination + " is not named")
        : listed(receiver.in(), address, receiver, all);
  }

  private Verdict listed(Set<String> names, String address, Match.Receiver receiver, boolean all) {
    Verdict best = new Unmatched(address + " is in no list");
    for (var name : names) {
      switch (lists.find(name, address, receiver.listedFor(), all, at)) {
        case Matched matched -> {
          return matched;
        }
        case Failed failed -> best = failed;
        case Unmatched unmatched -> best = best instanceof Failed ? best : unmatched;
        case Verdict.Skipped _ -> throw new IllegalStateException("a list is never skipped");
      }
    }
    return best;
  }
}
