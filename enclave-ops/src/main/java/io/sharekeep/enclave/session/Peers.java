package io.sharekeep.enclave.session;

import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.audit.LogKey;
import io.sharekeep.enclave.audit.SignedCheckpoint;
import io.sharekeep.enclave.store.Meta;
import io.sharekeep.enclave.store.PeerCheckpoints;
import io.sharekeep.enclave.store.PeerCheckpoints.PeerCheckpoint;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
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
  private final Map<String, PeerCheckpoint> newest = new HashMap<>();
  private final Map<String, PeerCheckpoint> settled = new HashMap<>();
  private final Set<Octets> dirtySerials = new HashSet<>();
  private final Set<String> dirtyCheckpoints = new HashSet<>();

  Peers(Store store, String tenant, InstantSource clock) {
    this.store = store;
    this.checkpoints = new PeerCheckpoints(tenant);
    this.clock = clock;
  }

  /** The name that every party's log goes by, which its key alone determines. */
  static String origin(byte[] logSpki) {
    return "sharekeep.log/" + SignatureKeys.pin(logSpki);
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
  synchronized Optional<Refusal> accepted(SignedEnvelope signed, byte[] logSpki) {
    var envelope = signed.envelope();
    var refusal =
        envelope
            .checkpoint()
            .<Optional<Refusal>>map(note -> checkpoint(note.toArray(), logSpki))
            .orElseGet(() -> Optional.of(refusal("it shows no log checkpoint")));
    if (refusal.isPresent()) {
      return refusal.map(r -> new Refusal(r.code(), envelope.from() + ": " + r.detail()));
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

  private Optional<Refusal> checkpoint(byte[] note, byte[] logSpki) {
    String peer = SignatureKeys.pin(logSpki);
    load(peer);
    var latest = Optional.ofNullable(newest.get(peer));
    if (latest.isPresent() && Arrays.equals(latest.get().note(), note)) {
      return Optional.empty();
    }
    var shown = LogKey.of(origin(logSpki), logSpki).verify(note);
    return shown.isEmpty()
        ? Optional.of(refusal("its log checkpoint is not signed by its log key"))
        : remember(peer, shown.get());
  }

  private void load(String peer) {
    if (!newest.containsKey(peer)) {
      store
          .read(from -> checkpoints.find(from, peer))
          .ifPresent(stored -> {
            newest.put(peer, stored);
            settled.put(peer, stored);
          });
    }
  }

  private Optional<Refusal> remember(String peer, SignedCheckpoint shown) {
    var checkpoint = shown.checkpoint();
    var latest = newest.get(peer);
    if (latest != null) {
      if (!latest.at().isAfter(clock.instant().minus(OVERTAKING))) {
        settled.put(peer, latest);
      }
      var floor = settled.get(peer);
      if (floor != null && checkpoint.size() < floor.size()) {
        return Optional.of(
            refusal(
                "its log has "
                    + checkpoint.size()
                    + " entries, but it has shown "
                    + floor.size()
                    + " before: it was set back"));
      }
      if (checkpoint.size() == latest.size() && !Arrays.equals(checkpoint.root(), latest.root())) {
        return Optional.of(refusal("its log has two histories of one length"));
      }
      if (checkpoint.size() < latest.size()) {
        return Optional.empty();
      }
    }
    newest.put(
        peer,
        new PeerCheckpoint(
            peer, checkpoint.size(), checkpoint.root(), shown.note(), clock.instant()));
    dirtyCheckpoints.add(peer);
    return Optional.empty();
  }

  private static Refusal refusal(String detail) {
    return new Refusal(Refusal.Code.CHECKPOINT_BEHIND, detail);
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
      var shown = newest.get(peer);
      if (shown != null) {
        checkpoints.remember(tx, shown);
      }
    }
    dirtySerials.clear();
    dirtyCheckpoints.clear();
  }

  private synchronized void dirtyAgain(Set<Octets> identities, Set<String> peers) {
    dirtySerials.addAll(identities);
    dirtyCheckpoints.addAll(peers);
  }
}
