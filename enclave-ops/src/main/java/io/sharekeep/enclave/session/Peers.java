package io.sharekeep.enclave.session;

import io.sharekeep.attestation.note.LogKey;
import io.sharekeep.attestation.note.SignedCheckpoint;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.store.Meta;
import io.sharekeep.enclave.store.PeerCheckpoints;
import io.sharekeep.enclave.store.PeerCheckpoints.PeerCheckpoint;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.threshold.wire.Envelope;
import io.sharekeep.threshold.wire.Octets;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What this party remembers of its peers for ever: the highest serial of an envelope certificate
 * and the newest log checkpoint that each has shown (protocols, sections 3.9 and 7.2). It is
 * changed in memory as messages are accepted, and written with the next commit of the session, so
 * before anything that relies on it leaves.
 */
final class Peers {
  private static final String SERIAL = "peer-serial/";

  /**
   * Messages of sessions that run side by side overtake each other, so a checkpoint may be older
   * than one that came just before it. It may not be older than what was shown this long ago.
   */
  private static final Duration OVERTAKING = Duration.ofSeconds(10);

  private final Store store;
  private final PeerCheckpoints checkpoints;
  private final InstantSource clock;
  private final Map<Octets, Long> serials = new HashMap<>();

  /** By log key: what was shown in the last ten seconds, growing, and before it the floor. */
  private final Map<String, Deque<PeerCheckpoint>> shown = new HashMap<>();

  private final Set<Octets> dirtySerials = new HashSet<>();
  private final Set<String> dirtyCheckpoints = new HashSet<>();

  Peers(Store store, String tenant, InstantSource clock) {
    this.store = store;
    this.checkpoints = new PeerCheckpoints(tenant);
    this.clock = clock;
  }

  /** The name that every party's log goes by, which its key alone determines. */
  static String origin(byte[] logSpki) {
    return SignatureKeys.logOrigin(logSpki);
  }

  synchronized long highestSerial(Octets identity) {
    return serials.computeIfAbsent(
        identity,
        key ->
            store
                .read(from -> Meta.find(from, SERIAL + key))
                .map(value -> ByteBuffer.wrap(value).getLong())
                .orElse(0L));
  }

  /**
   * Takes note of a peer's first message in a session.
   *
   * @param logSpki of the peer, from the committee document
   * @return the refusal if the peer's log has gone back or split
   */
  synchronized Optional<Refusal> accepted(Envelope envelope, byte[] logSpki) {
    var refusal =
        envelope
            .checkpoint()
            .map(note -> checkpoint(envelope.from().value(), note.toArray(), logSpki))
            .orElseGet(() ->
                Optional.of(
                    refusal(
                        envelope.from().value(), "it shows no log checkpoint", Optional.empty())));
    if (refusal.isPresent()) {
      return refusal;
    }
    envelope
        .certificate()
        .ifPresent(certificate -> {
          var body = certificate.body();
          if (body.serial() > highestSerial(body.identityKey())) {
            serials.put(body.identityKey(), body.serial());
            dirtySerials.add(body.identityKey());
          }
        });
    return Optional.empty();
  }

  private Optional<Refusal> checkpoint(int party, byte[] note, byte[] logSpki) {
    String peer = SignatureKeys.pin(logSpki);
    var history = shown.computeIfAbsent(peer, this::load);
    if (!history.isEmpty() && Arrays.equals(history.getLast().note(), note)) {
      return Optional.empty();
    }
    var verified = LogKey.of(origin(logSpki), logSpki).verify(note);
    return verified.isEmpty()
        ? Optional.of(
            refusal(party, "its log checkpoint is not signed by its log key", Optional.empty()))
        : compare(party, peer, history, verified.get());
  }

  private Deque<PeerCheckpoint> load(String peer) {
    var history = new ArrayDeque<PeerCheckpoint>();
    store
        .read(from -> checkpoints.find(from, peer))
        // Nothing of an older process is still on its way: what is stored counts as settled.
        .ifPresent(stored -> history.add(settled(stored)));
    return history;
  }

  private static PeerCheckpoint settled(PeerCheckpoint stored) {
    return new PeerCheckpoint(
        stored.peer(), stored.size(), stored.root(), stored.note(), Instant.MIN);
  }

  private Optional<Refusal> compare(
      int party, String peer, Deque<PeerCheckpoint> history, SignedCheckpoint signed) {
    var checkpoint = signed.checkpoint();
    var now = clock.instant();
    settle(history, now);
    for (var known : history) {
      if (checkpoint.size() == known.size() && !Arrays.equals(checkpoint.root(), known.root())) {
        return Optional.of(
            refusal(
                party,
                "its log has two histories of " + known.size() + " entries",
                Optional.of(known)));
      }
    }
    var floor = Optional.ofNullable(history.peekFirst()).filter(first -> isSettled(first, now));
    if (floor.isPresent() && checkpoint.size() < floor.get().size()) {
      return Optional.of(
          refusal(
              party,
              "its log has "
                  + checkpoint.size()
                  + " entries, but it has shown "
                  + history.getLast().size()
                  + " before: it was set back",
              Optional.of(history.getLast())));
    }
    if (history.isEmpty() || checkpoint.size() > history.getLast().size()) {
      history.add(
          new PeerCheckpoint(peer, checkpoint.size(), checkpoint.root(), signed.note(), now));
      dirtyCheckpoints.add(peer);
    }
    return Optional.empty();
  }

  /** Leaves at the head the newest that is old enough to be a floor, if there is one. */
  private static void settle(Deque<PeerCheckpoint> history, Instant now) {
    while (history.size() > 1) {
      var first = history.removeFirst();
      if (!isSettled(history.getFirst(), now)) {
        history.addFirst(first);
        return;
      }
    }
  }

  private static boolean isSettled(PeerCheckpoint known, Instant now) {
    return !known.at().isAfter(now.minus(OVERTAKING));
  }

  private static Refusal refusal(int party, String detail, Optional<PeerCheckpoint> proof) {
    return new Refusal(
        Refusal.Code.CHECKPOINT_BEHIND,
        "party " + party + ": " + detail,
        proof.map(known -> new Refusal.Remembered(party, known.note())));
  }

  /** Writes what has changed since the last call into the caller's transaction. */
  synchronized void persist(Transaction tx) {
    var writtenSerials = Set.copyOf(dirtySerials);
    var writtenCheckpoints = Set.copyOf(dirtyCheckpoints);
    tx.onUndo(() -> dirtyAgain(writtenSerials, writtenCheckpoints));
    for (var identity : writtenSerials) {
      long serial = serials.getOrDefault(identity, 0L);
      Meta.put(tx, SERIAL + identity, ByteBuffer.allocate(8).putLong(serial).array());
    }
    for (var peer : writtenCheckpoints) {
      Optional.ofNullable(shown.get(peer))
          .map(Deque::getLast)
          .ifPresent(newest -> checkpoints.remember(tx, newest));
    }
    dirtySerials.clear();
    dirtyCheckpoints.clear();
  }

  private synchronized void dirtyAgain(Set<Octets> identities, Set<String> peers) {
    dirtySerials.addAll(identities);
    dirtyCheckpoints.addAll(peers);
  }
}
