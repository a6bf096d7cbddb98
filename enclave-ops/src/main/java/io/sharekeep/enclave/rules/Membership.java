package io.sharekeep.enclave.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether an address is in a list that the policy names. A list that is missing, another one than
 * the policy means, or stale is no list: who asks it gets a failure, which denies.
 */
final class Membership {
  private final String tenant;
  private final Map<String, ListRule> rules;
  private final Map<String, Listing> lists;

  /**
   * @param lists by name, as far as they are there; signatures are verified before
   */
  Membership(String tenant, Map<String, ListRule> rules, Map<String, Listing> lists) {
    this.tenant = tenant;
    this.rules = rules;
    this.lists = lists;
  }

  /**
   * @param allowing whether a cool-off must be over: only a rule that allows waits for it
   */
  Verdict find(
      String name, String address, Optional<Duration> listedFor, boolean allowing, Instant at) {
    var list = lists.get(name);
    if (list == null) {
      return new Verdict.Failed("the list " + name + " is missing");
    }
    if (!list.tenant().equals(tenant) || !list.name().equals(name)) {
      return new Verdict.Failed("what was given as the list " + name + " is another one");
    }
    var cool = coolOff(rules.get(name), list, at);
    if (cool.isEmpty()) {
      return new Verdict.Failed("the list " + name + " is too old or of another type");
    }
    if (list.issued().isAfter(at) || list.expires().filter(end -> !at.isBefore(end)).isPresent()) {
      return new Verdict.Failed("the list " + name + " is stale");
    }
    var since = list.since().get(address);
    if (since == null) {
      return new Verdict.Unmatched(address + " is not in " + name);
    }
    if (allowing && at.isBefore(since.plus(cool.get()))) {
      return new Verdict.Unmatched(
          address + " cools off in " + name + " until " + since.plus(cool.get()));
    }
    return listedFor.filter(least -> at.isBefore(since.plus(least))).isPresent()
        ? new Verdict.Unmatched(address + " has not been in " + name + " for long enough")
        : new Verdict.Matched();
  }

  /** How long an entry must have stood; empty if the list may not be believed. */
  private static Optional<Duration> coolOff(@Nullable ListRule rule, Listing list, Instant at) {
    return switch (rule) {
      case ListRule.Destinations destinations when list.type() == Listing.Type.DESTINATIONS ->
          Optional.of(destinations.coolOff());
      case ListRule.Screening screening
          when list.type() == Listing.Type.SCREENING
              && at.isBefore(list.issued().plus(screening.maxAge())) ->
          Optional.of(Duration.ZERO);
      case ListRule.Destinations _, ListRule.Screening _ -> Optional.empty();
      case null -> Optional.empty();
    };
  }
}
