package io.sharekeep.enclave.rules;

import io.sharekeep.enclave.rules.Facts.Part;
import io.sharekeep.enclave.rules.Limit.Dimension;
import io.sharekeep.enclave.rules.Limit.Measure;
import io.sharekeep.enclave.rules.Verdict.Failed;
import io.sharekeep.enclave.rules.Verdict.Matched;
import io.sharekeep.intent.AssetId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one transaction takes out of every limit that matches it: transfers that are not to a wallet
 * of ours, and the most that the fee can be where a sum is of the fee's asset.
 */
final class Charges {
  private final Matching matching;
  private final Facts facts;
  private final Windows windows;

  Charges(Matching matching, Facts facts, Windows windows) {
    this.matching = matching;
    this.facts = facts;
    this.windows = windows;
  }

  /** Of one limit: its charges, or why they cannot be told. */
  sealed interface Counted {
    record Charged(List<Charge> charges) implements Counted {}

    record Unknown(String why) implements Counted {}
  }

  /** What a limit's windows take, window by window. */
  private record Taken(BigInteger amount, Set<String> destinations) {
    Taken plus(Taken other) {
      var all = new TreeSet<>(destinations);
      all.addAll(other.destinations);
      return new Taken(amount.add(other.amount), all);
    }
  }

  Counted of(Limit limit) {
    switch (matching.whole(limit.match(), false)) {
      case Matched _ -> {}
      case Failed(String why) -> {
        return new Counted.Unknown(why);
      }
      case Verdict.Unmatched _, Verdict.Skipped _ -> {
        return new Counted.Charged(List.of());
      }
    }
    var taken = new TreeMap<String, Taken>();
    boolean some = false;
    for (var part : facts.parts()) {
      switch (matching.counts(limit.match(), part)) {
        case Matched _ -> {
          some = true;
          take(limit, part, taken);
        }
        case Failed(String why) -> {
          return new Counted.Unknown(why);
        }
        case Verdict.Unmatched _, Verdict.Skipped _ -> {}
      }
    }
    rest(limit, some, taken);
    var charges = new ArrayList<Charge>();
    taken.forEach((bucket, amount) -> charges.add(charge(limit, bucket, amount)));
    return new Counted.Charged(charges);
  }

  private void take(Limit limit, Part part, Map<String, Taken> into) {
    var destination = Facts.canonical(part.destination());
    if (facts.own().contains(destination)) {
      return;
    }
    var bucket = bucket(limit, asset(part), Optional.of(destination));
    switch (limit.measure()) {
      case SUM -> {
        if (part instanceof Part.Payment(var transfer)) {
          into.merge(bucket, new Taken(transfer.amount(), Set.of()), Taken::plus);
        }
      }
      case COUNT, PENDING -> into.put(bucket, new Taken(BigInteger.ONE, Set.of()));
      case DISTINCT_DESTINATIONS ->
          into.merge(bucket, new Taken(BigInteger.ZERO, Set.of(destination)), Taken::plus);
    }
  }

  /** What belongs to no part: the fee, and a transaction that has none. */
  private void rest(Limit limit, boolean some, Map<String, Taken> into) {
    boolean meant = some || !limit.match().asksOfParts();
    var feeAsset = Terms.canonical(facts.fee().asset());
    if (limit.measure() == Measure.SUM
        && limit.match().assets().contains(feeAsset)
        && (some || onlyAsset(limit.match()))) {
      into.merge(
          bucket(limit, Optional.of(feeAsset), Optional.empty()),
          new Taken(facts.fee().most(), Set.of()),
          Taken::plus);
    }
    if ((limit.measure() == Measure.COUNT || limit.measure() == Measure.PENDING)
        && meant
        && into.isEmpty()) {
      into.put(
          bucket(limit, Optional.empty(), Optional.empty()), new Taken(BigInteger.ONE, Set.of()));
    }
  }

  private static boolean onlyAsset(Match match) {
    return match.amount().isEmpty()
        && match.dest().isEmpty()
        && match.contracts().isEmpty()
        && match.method().isEmpty();
  }

  private static Optional<AssetId> asset(Part part) {
    return switch (part) {
      case Part.Payment(var transfer) -> Optional.of(Terms.canonical(transfer.asset()));
      case Part.Power(var grant) -> Optional.of(Terms.canonical(grant.asset()));
      case Part.Invoked _ -> Optional.empty();
    };
  }

  /** No value holds the separator. */
  private String bucket(Limit limit, Optional<AssetId> asset, Optional<String> destination) {
    var per = limit.per();
    return (per.contains(Dimension.WALLET) ? facts.wallet() : "")
        + "|"
        + (per.contains(Dimension.ASSET) ? asset.map(AssetId::toString).orElse("") : "")
        + "|"
        + (per.contains(Dimension.INITIATOR) ? facts.initiator() : "")
        + "|"
        + (per.contains(Dimension.DESTINATION) ? destination.orElse("") : "");
  }

  private Charge charge(Limit limit, String bucket, Taken taken) {
    var amount =
        limit.measure() == Measure.DISTINCT_DESTINATIONS
            ? BigInteger.valueOf(windows.unseen(limit, bucket, taken.destinations()))
            : taken.amount();
    return new Charge(
        limit, bucket, amount, taken.destinations(), windows.spent(limit, bucket), limit.most());
  }
}
