package io.sharekeep.enclave.rules;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whose approval is needed.
 *
 * @param allOf every one of these
 * @param excludeInitiator who asks does not count
 * @param disjoint a person counts for one of these only
 * @param within how long an approval is waited for
 */
public record Requirement(
    List<Clause> allOf, boolean excludeInitiator, boolean disjoint, Optional<Duration> within) {
  public Requirement {
    allOf = List.copyOf(allOf);
  }

  /**
   * @param weight the least sum of weights
   * @param distinct the least number of people
   */
  public record Clause(String group, int weight, int distinct) {}
}
