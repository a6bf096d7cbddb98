package io.sharekeep.enclave.session;

import io.sharekeep.enclave.Refusal;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.DropReason;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Reception;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Feeds what a relay brought into a session's endpoint. Bad messages are dropped and counted, never
 * held against their sender; what is missing then is asked for again.
 */
final class Inbox {
  private Inbox() {}

  /** What came of an inbox. */
  sealed interface Result {
    /** Every expected sender was heard. */
    record Complete() implements Result {}

    /** Nothing is lost: bring the rest. */
    record Incomplete(Refusal refusal) implements Result {}

    /** Somebody contradicted itself, or the parties' views differ. */
    record Contradicted(Fault fault, List<PartyId> culprits, List<SignedEnvelope> evidence)
        implements Result {
      /** What this party says of it to others. */
      SignedBlame accusation(Endpoint endpoint) {
        return endpoint.accuse(fault, culprits, evidence, Optional.empty());
      }
    }

    /** A sender's log has gone back or split: the session is over and nobody is blamed. */
    record Refused(Refusal refusal) implements Result {}
  }

  static Result take(Endpoint endpoint, int round, List<byte[]> inbox, Receiving receiving) {
    Map<DropReason, Integer> dropped = new EnumMap<>(DropReason.class);
    for (byte[] envelope : inbox) {
      switch (endpoint.receive(round, envelope, receiving.now(), receiving::highestSerial)) {
        case Reception.Accepted(var accepted) -> {
          var behind = receiving.accepted(accepted);
          if (behind.isPresent()) {
            // The endpoint counts this envelope as heard, so asking again would go on.
            return new Result.Refused(behind.get());
          }
        }
        case Reception.Dropped(DropReason reason) -> {
          receiving.dropped(reason);
          if (reason != DropReason.UNKNOWN_SENDER && reason != DropReason.REPEATED) {
            dropped.merge(reason, 1, Integer::sum);
          }
        }
        case Reception.Contradiction(Fault fault, List<PartyId> culprits, var evidence) -> {
          return new Result.Contradicted(fault, culprits, evidence);
        }
      }
    }
    var missing = endpoint.missing(round);
    return missing.isEmpty() ? new Result.Complete() : incomplete(round, missing, dropped);
  }

  private static Result incomplete(
      int round, List<PartyId> missing, Map<DropReason, Integer> dropped) {
    String ignored =
        dropped.isEmpty()
            ? ""
            : "; ignored: "
                + dropped.entrySet().stream()
                    .map(entry -> entry.getValue() + " " + entry.getKey())
                    .collect(Collectors.joining(", "));
    return new Result.Incomplete(
        new Refusal(
            Refusal.Code.INBOX_INCOMPLETE,
            "round "
                + round
                + " of "
                + missing.stream().sorted().map(PartyId::toString).collect(Collectors.joining(", "))
                + " is missing"
                + ignored));
  }

  /** What the session knows beside its endpoint. */
  interface Receiving {
    /** Seconds since 1970. */
    long now();

    /** The highest certificate serial ever accepted from a party; 0 at first. */
    long highestSerial(PartyId party);

    /** Called for each envelope that counts. A refusal ends the session and blames nobody. */
    Optional<Refusal> accepted(SignedEnvelope envelope);

    void dropped(DropReason reason);
  }
}
