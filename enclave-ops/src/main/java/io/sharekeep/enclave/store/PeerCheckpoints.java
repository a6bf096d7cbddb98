package io.sharekeep.enclave.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** The newest log checkpoint that each peer has shown us. It never moves back. */
public final class PeerCheckpoints {
  private final String tenant;

  public PeerCheckpoints(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param peer hex SHA-256 of its {@code log} key
   * @param note as signed by the peer
   */
  public record PeerCheckpoint(String peer, long size, byte[] root, byte[] note, Instant at) {}

  /** What a checkpoint that a peer shows is beside the one that we remember. */
  public sealed interface Verdict {
    /** The first, a larger one, or the same again: remembered. */
    record Accepted() implements Verdict {}

    /** Smaller than the one remembered: the peer was rolled back, or a relay replays. */
    record Behind(PeerCheckpoint remembered) implements Verdict {}

    /** The same size with another root: two histories, which the two notes prove. */
    record Forked(PeerCheckpoint remembered) implements Verdict {}
  }

  /** The caller has verified the note's signature. */
  public Verdict remember(Transaction tx, PeerCheckpoint shown) {
    var known = find(tx, shown.peer());
    if (known.isPresent()) {
      var remembered = known.get();
      if (shown.size() < remembered.size()) {
        return new Verdict.Behind(remembered);
      }
      if (shown.size() == remembered.size()) {
        return Arrays.equals(shown.root(), remembered.root())
            ? new Verdict.Accepted()
            : new Verdict.Forked(remembered);
      }
    }
    tx.update(
        "insert into peer_checkpoint (tenant, peer, size, root, note, at)"
            + " values (?, ?, ?, ?, ?, ?) on conflict do update set size = excluded.size,"
            + " root = excluded.root, note = excluded.note, at = excluded.at",
        tenant,
        shown.peer(),
        shown.size(),
        shown.root(),
        shown.note(),
        shown.at().toEpochMilli());
    return new Verdict.Accepted();
  }

  public Optional<PeerCheckpoint> find(Reading from, String peer) {
    return from.first(
        "select peer, size, root, note, at from peer_checkpoint where tenant = ? and peer = ?",
        row ->
            new PeerCheckpoint(
                row.getString(1),
                row.getLong(2),
                row.getBytes(3),
                row.getBytes(4),
                Instant.ofEpochMilli(row.getLong(5))),
        tenant,
        peer);
  }
}
