package io.sharekeep.enclave.rules;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the policy says of a list, which is a document of its own. */
public sealed interface ListRule {
  /**
   * Addresses that may be paid.
   *
   * @param coolOff how long an address must have been listed before an allow rule sees it
   * @param change who may replace the list
   */
  record Destinations(Duration coolOff, Requirement change) implements ListRule {}

  /**
   * Addresses that must not be paid. Stale or missing, it denies whatever consults it.
   *
   * @param maxAge how long after its issue it is believed
   * @param signers who signs it
   */
  record Screening(Duration maxAge, List<Actor.Key> signers) implements ListRule {
    public Screening {
      signers = List.copyOf(signers);
    }
  }

  /** Who among the people of the policy may replace it; empty where only named keys may. */
  default Optional<Requirement> quorum() {
    return switch (this) {
      case Destinations destinations -> Optional.of(destinations.change());
      case Screening _ -> Optional.empty();
    };
  }
}
