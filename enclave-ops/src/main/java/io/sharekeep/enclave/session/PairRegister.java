package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.PairDescription;
import io.sharekeep.enclave.store.PairRows.PairStatus;
import io.sharekeep.enclave.store.PairRows.State;
import io.sharekeep.threshold.PartyId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which pairs of this party may be used, at hand. The store says it first: an entry changes only
 * after the commit that changed its row. Safe for all threads.
 */
final class PairRegister {
  private record Pair(KeyId key, PartyId peer) {}

  private final Map<Pair, PairStatus> pairs = new ConcurrentHashMap<>();
  private final Map<Pair, ReentrantLock> locks = new ConcurrentHashMap<>();

  void put(PairStatus status) {
    pairs.put(new Pair(status.keyId(), new PartyId(status.peer())), status);
  }

  /** All of a key, by party. */
  List<PairDescription> of(KeyId key) {
    return pairs.values().stream()
        .filter(status -> status.keyId().equals(key))
        .map(status ->
            new PairDescription(
                status.peer(), status.generation(), status.state().label(), status.deaths()))
        .sorted(Comparator.comparingInt(PairDescription::party))
        .toList();
  }

  Optional<PairStatus> find(KeyId key, PartyId peer) {
    return Optional.ofNullable(pairs.get(new Pair(key, peer)));
  }

  /** The first of these with whom the key cannot be used; a pair that is not known is none. */
  Optional<PartyId> unusable(KeyId key, Collection<PartyId> peers) {
    return peers.stream()
        .filter(peer -> find(key, peer).filter(status -> status.state() == State.ACTIVE).isEmpty())
        .findFirst();
  }

  /** Why a session with that party does not go on, for people. */
  static String sentence(PartyId peer, String state) {
    return "what this party shares with "
        + peer
        + " of this key is "
        + state
        + ": it signs without that party, until both make it anew";
  }

  /** In words for people. */
  String state(KeyId key, PartyId peer) {
    return find(key, peer).map(status -> status.state().label()).orElse("missing");
  }

  /**
   * Takes the pairs for one step of OT code: what a peer sends in several sessions is judged one
   * after the other, so that a verdict is durable before the next one is given (protocols, section
   * 4.7).
   */
  Held hold(KeyId key, Collection<PartyId> peers) {
    var held = new ArrayList<ReentrantLock>();
    for (var peer : new TreeSet<>(peers)) { // in one order, so that no two wait for each other
      var lock = locks.computeIfAbsent(new Pair(key, peer), _ -> new ReentrantLock());
      lock.lock();
      held.add(lock);
    }
    return new Held(held);
  }

  /** Pairs that are taken. */
  record Held(List<ReentrantLock> locks) implements AutoCloseable {
    @Override
    public void close() {
      locks.forEach(ReentrantLock::unlock);
    }
  }
}
