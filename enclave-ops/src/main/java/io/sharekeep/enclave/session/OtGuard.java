package io.sharekeep.enclave.session;

import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.store.Bans.BanRow;
import io.sharekeep.enclave.store.OtMarks;
import io.sharekeep.enclave.store.PairRows.PairStatus;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What surrounds the checks of oblivious transfer in one session (protocols, section 4.7). Their
 * verdicts tell a peer something of the pair's secrets, so a bad one burns the pair, durably,
 * before anybody hears of it.
 */
final class OtGuard {
  private final Desk desk;
  private final HeldKey key;
  private final List<PartyId> peers;
  private final Ending ending;
  private final int thread;

  /** Of each pair when the session began: what it has sent fits no other. */
  private final Map<PartyId, Long> generations;

  /** What is held of a peer, for the record of its ban. */
  private final Function<PartyId, byte[]> evidence;

  OtGuard(
      Desk desk,
      HeldKey key,
      List<PartyId> peers,
      Ending ending,
      int thread,
      Function<PartyId, byte[]> evidence) {
    this.desk = desk;
    this.key = key;
    this.peers = List.copyOf(peers);
    this.ending = ending;
    this.thread = thread;
    this.evidence = evidence;
    this.generations =
        this.peers.stream().collect(Collectors.toUnmodifiableMap(peer -> peer, this::generation));
  }

  /**
   * With whom the session cannot go on, if with anybody: the pair is not usable any more, or has
   * been made anew since the session began.
   */
  Optional<PartyId> burnt() {
    return desk.pairs()
        .unusable(key.id(), peers)
        .or(() ->
            peers.stream()
                .filter(peer -> !Objects.equals(generations.get(peer), generation(peer)))
                .findFirst());
  }

  /** Whether that is what the pair was when the session began. */
  boolean beganWith(PartyId peer, long generation) {
    return Objects.equals(generations.get(peer), generation);
  }

  private long generation(PartyId peer) {
    return desk.pairs().find(key.id(), peer).map(PairStatus::generation).orElse(-1L);
  }

  /** What became of a step. */
  sealed interface Result {
    record Went() implements Result {}

    record Aborted(Step.Aborted<?> step) implements Result {}

    /** Another session has burnt a pair meanwhile: nothing was looked at. */
    record Burnt(PartyId peer) implements Result {}
  }

  /**
   * Runs a step whose verdict hangs on the pairs' secrets: one at a time for a pair, marked past
   * the death of this process, and burnt where it says so.
   */
  Result inPairs(Supplier<Optional<Step.Aborted<?>>> step) {
    try (var _ = desk.pairs().hold(key.id(), peers)) {
      var burnt = burnt();
      if (burnt.isPresent()) {
        return new Result.Burnt(burnt.get());
      }
      desk.marks()
          .enter(
              thread,
              new OtMarks.Mark(key.id(), key.epoch(), peers.stream().map(PartyId::value).toList()));
      var result = judged(step);
      // Not on an exception: what could not be burnt counts as a death.
      desk.marks().leave(thread);
      return result;
    }
  }

  /** Runs a step whose verdict hangs on one-time choices alone: it burns by policy. */
  Result judged(Supplier<Optional<Step.Aborted<?>>> step) {
    Optional<Step.Aborted<?>> aborted;
    try {
      aborted = step.get();
    } catch (RuntimeException | Error e) {
      // Fail closed: a peer's message may have caused it, and its answer might tell.
      burn(peers, Optional.empty());
      throw new OtFailure(e);
    }
    aborted
        .filter(step1 -> step1.fault().burnsPair())
        .ifPresent(abort -> burn(abort.culprits(), Optional.of(Ending.word(abort.fault()))));
    return aborted.<Result>map(Result.Aborted::new).orElseGet(Result.Went::new);
  }

  private void burn(List<PartyId> culprits, Optional<String> fault) {
    desk.store()
        .commit(tx -> {
          culprits.forEach(peer -> burn(tx, peer, fault));
          return culprits;
        });
    // Committed: from here no session of any process of this party uses the pair.
    culprits.forEach(peer ->
        desk.pairs().find(key.id(), peer).map(PairStatus::burnt).ifPresent(desk.pairs()::put));
    desk.counters().count("pairs_burnt{cause=\"" + fault.orElse("exception") + "\"}");
  }

  private void burn(Transaction tx, PartyId peer, Optional<String> fault) {
    String session = HexFormat.of().formatHex(ending.id());
    long generation = desk.pairs().find(key.id(), peer).map(PairStatus::generation).orElseThrow();
    if (!desk.pairRows().burn(tx, key.id(), key.epoch(), peer.value())) {
      throw new IllegalStateException("there is no pair with " + peer + " to burn");
    }
    desk.log()
        .append(
            tx,
            new Entry.PairBurnt(
                session,
                key.id(),
                key.epoch(),
                peer.value(),
                generation,
                fault.orElse("exception")));
    fault.ifPresent(word -> {
      String identity = ending.identity(peer);
      if (desk.bans()
          .add(
              tx,
              new BanRow(
                  identity,
                  peer.value(),
                  word,
                  ending.id(),
                  evidence.apply(peer),
                  desk.clock().instant()))) {
        desk.log().append(tx, new Entry.Banned(session, peer.value(), identity, word));
      }
    });
  }

  /** Our own code failed while it held a pair's secrets; the pairs are burnt. */
  static final class OtFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    OtFailure(Throwable cause) {
      super(cause);
    }
  }
}
