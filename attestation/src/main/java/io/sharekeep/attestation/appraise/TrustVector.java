package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.policy.TrustClaim;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A trustworthiness vector: of each claim, the worst value that a check gave it. */
public record TrustVector(Map<TrustClaim, Integer> values) {
  public TrustVector {
    values = Map.copyOf(values);
  }

  static TrustVector of(Collection<Finding> findings) {
    var values = new EnumMap<TrustClaim, Integer>(TrustClaim.class);
    for (var finding : findings) {
      finding
          .claim()
          .ifPresent(claim ->
              values.merge(claim, finding.value(), (a, b) -> trouble(a) >= trouble(b) ? a : b));
    }
    // What no evidence speaks of keeps its start, which is trouble for most.
    for (var claim : TrustClaim.values()) {
      values.putIfAbsent(claim, claim.start());
    }
    return new TrustVector(values);
  }

  private static int trouble(int value) {
    return Tier.of(value).value() * 1000 + Math.abs(value) * 2 + (value < 0 ? 1 : 0);
  }

  public int value(TrustClaim claim) {
    return values.getOrDefault(claim, claim.start());
  }

  /** The worst; no claim at all is none. */
  public Tier tier() {
    return values.values().stream().map(Tier::of).max(Tier::compareTo).orElse(Tier.NONE);
  }

  /** Claims in the band of warnings, without those that the auditor accepts there. */
  List<TrustClaim> warnings(Set<TrustClaim> accepted) {
    return values.entrySet().stream()
        .filter(entry -> Tier.of(entry.getValue()) == Tier.WARNING)
        .map(Map.Entry::getKey)
        .filter(claim -> !accepted.contains(claim))
        .sorted()
        .toList();
  }
}
