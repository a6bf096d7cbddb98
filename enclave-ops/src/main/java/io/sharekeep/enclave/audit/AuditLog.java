package io.sharekeep.enclave.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.log.EntryBundle;
import io.sharekeep.attestation.log.LogEntry;
import io.sharekeep.attestation.log.StateDigest;
import io.sharekeep.attestation.log.Tile;
import io.sharekeep.attestation.note.Checkpoint;
import io.sharekeep.attestation.note.CheckpointSigner;
import io.sharekeep.attestation.note.LogKey;
import io.sharekeep.attestation.note.MerkleHead;
import io.sharekeep.attestation.note.SignedCheckpoint;
import io.sharekeep.enclave.store.LogRows;
import io.sharekeep.enclave.store.Meta;
import io.sharekeep.enclave.store.Reading;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.enclave.store.Transaction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The audit log of one appliance. Entries are rows of the store and commit together with what they
 * decide; tree heads and checkpoints derive from the rows.
 */
public final class AuditLog {
  static final String HEAD = "log.head";

  private static final Duration CHECKPOINT_AGE = Duration.ofSeconds(1);
  private static final long CHECKPOINT_ENTRIES = 256;

  private final Store store;
  private final LogFiles files;
  private final String tenant;
  private final LogKey key;
  private final CheckpointSigner signer;
  private final InstantSource clock;
  private final LogRows rows;

  /** Touched by the store's writer thread only. */
  private Head tip;

  /** The newest head whose rows are on disk: the only one that may be signed. */
  private volatile Head durable;

  private final Object signing = new Object();
  private volatile Optional<SignedCheckpoint> newest;
  private long signedAt;

  /**
   * @param state hex: rolling digest of what the appliance would sign
   */
  record Head(MerkleHead tree, String state) {}

  private AuditLog(
      Store store,
      LogFiles files,
      String tenant,
      LogKey key,
      CheckpointSigner signer,
      InstantSource clock,
      Head head,
      Optional<SignedCheckpoint> newest) {
    this.store = store;
    this.files = files;
    this.tenant = tenant;
    this.key = key;
    this.signer = signer;
    this.clock = clock;
    this.rows = new LogRows(tenant);
    this.tip = head;
    this.durable = head;
    this.newest = newest;
    this.signedAt = clock.instant().toEpochMilli() - CHECKPOINT_AGE.toMillis();
  }

  /** What came of verifying the log at start. */
  public sealed interface Opened {
    /** Every row is as it was written. */
    record Verified(AuditLog log) implements Opened {}

    /**
     * The log is not what was written: the appliance is FAILED.
     *
     * @param why for the operator: which row or checkpoint, and what about it
     */
    record Broken(String why) implements Opened {}
  }

  /**
   * Recomputes the whole tree from the rows and holds it against the head that was stored with the
   * last of them and against the newest signed checkpoint.
   *
   * @param folder for the log's tiles, which derive from the rows; made when they are first asked
   *     for
   */
  public static Opened open(
      Store store,
      Path folder,
      String tenant,
      LogKey key,
      CheckpointSigner signer,
      InstantSource clock) {
    return switch (store.read(from -> LogCheck.run(from, tenant, key))) {
      case LogCheck.Result.Broken(String why) -> new Opened.Broken(why);
      case LogCheck.Result.Whole(Head head, Optional<SignedCheckpoint> newest) ->
          new Opened.Verified(
              new AuditLog(
                  store,
                  new LogFiles(store, folder, tenant),
                  tenant,
                  key,
                  signer,
                  clock,
                  head,
                  newest));
    };
  }

  /**
   * Appends an entry to the caller's transaction. The proof comes alive when that is on disk.
   *
   * @throws IllegalArgumentException for text that is not printable, and an entry over 65,535 bytes
   */
  public Recorded append(Transaction tx, Entry entry) {
    var before = tip;
    long index = before.tree().size();
    var kind = Leaf.kind(entry);
    byte[] fields = Leaf.entryBytes(entry);
    var state = StateDigest.next(before.state(), kind, fields);
    var at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    byte[] leaf = new LogEntry(at, tx.commitNumber(), fields, index, kind, state, tenant).leaf();
    if (leaf.length > EntryBundle.LONGEST) {
      throw new IllegalArgumentException("an entry of " + leaf.length + " bytes fits no bundle");
    }
    var after = new Head(before.tree().append(leaf), state);
    tx.onUndo(() -> tip = before);
    tip = after;
    rows.append(tx, new LogRows.LogRow(index, tenant, kind.label(), at, tx.commitNumber(), leaf));
    Meta.put(tx, HEAD, head(after));
    var recorded = new Recorded(index, approved(entry));
    tx.onDurable(() -> {
      durable = after;
      recorded.becameDurable();
    });
    return recorded;
  }

  /** An entry that decides nothing else: a transaction of its own. */
  public Recorded append(Entry entry) {
    return store.commit(tx -> append(tx, entry));
  }

  /** Entries that are on disk. */
  public long size() {
    return durable.tree().size();
  }

  /** Hex: the rolling digest of the security state after the last entry on disk. */
  public String state() {
    return durable.state();
  }

  /**
   * The newest signed checkpoint. A new one is signed when there is none, when the log has grown
   * and the last is a second old, or when it has grown by 256 entries; otherwise the last one is
   * given, so that the HSM is asked once per second at most in quiet times.
   */
  public SignedCheckpoint checkpoint() {
    var known = newest;
    if (known.isPresent() && !isDue(known.get())) {
      return known.get();
    }
    synchronized (signing) {
      known = newest;
      return known.isPresent() && !isDue(known.get()) ? known.get() : sign();
    }
  }

  /** The newest one that was signed, however old; empty before the first. */
  public Optional<SignedCheckpoint> lastCheckpoint() {
    return newest;
  }

  /** A checkpoint of all that is on disk now. */
  public SignedCheckpoint freshCheckpoint() {
    synchronized (signing) {
      var known = newest;
      return known.isPresent() && known.get().checkpoint().size() == size() ? known.get() : sign();
    }
  }

  private boolean isDue(SignedCheckpoint last) {
    long grown = size() - last.checkpoint().size();
    return grown >= CHECKPOINT_ENTRIES
        || (grown > 0 && clock.instant().toEpochMilli() - signedAt >= CHECKPOINT_AGE.toMillis());
  }

  private SignedCheckpoint sign() {
    var tree = durable.tree();
    var signed = key.sign(signer, new Checkpoint(key.origin(), tree.size(), tree.root()));
    var at = clock.instant();
    store.commit(tx -> {
      rows.keep(tx, new LogRows.CheckpointRow(tree.size(), at, signed.note()));
      return tree;
    });
    // Committed: who is shown this checkpoint may hold us to it; after a crash it is still ours.
    newest = Optional.of(signed);
    signedAt = at.toEpochMilli();
    return signed;
  }

  /**
   * Holds what this log is said to have signed against what is on disk.
   *
   * @param note as a peer remembers it
   * @return what is wrong with this party's own state if the note is authentic and says more, or
   *     something else, than the disk; empty for anything that proves nothing
   */
  public Optional<String> refutedBy(byte[] note) {
    var head = durable.tree();
    return key.verify(note)
        .map(SignedCheckpoint::checkpoint)
        .flatMap(signed -> {
          if (signed.size() > head.size()) {
            return Optional.of(
                "this log has signed "
                    + signed.size()
                    + " entries once and has "
                    + head.size()
                    + " now");
          }
          return signed.size() == head.size() && !Arrays.equals(signed.root(), head.root())
              ? Optional.of(
                  "this log has signed another history of its " + head.size() + " entries")
              : Optional.empty();
        });
  }

  /**
   * A tile or a bundle of entries of this log, as c2sp.org/tlog-tiles names it.
   *
   * @return empty for what is no name of any, and for what this log does not have yet
   */
  public Optional<byte[]> file(String path) {
    return Tile.named(path).flatMap(tile -> files.file(tile, path, size()));
  }

  /** The bytes of every entry from an index on, in order. */
  public void leaves(Reading from, long index, Consumer<byte[]> visitor) {
    rows.each(from, index, row -> visitor.accept(row.leaf()));
  }

  private static Optional<DecisionId> approved(Entry entry) {
    return entry instanceof Entry.Decided decided && decided.effect() == Entry.Effect.APPROVED
        ? Optional.of(decided.decision())
        : Optional.empty();
  }

  /** Size, root and state digest, as stored with the last entry. */
  static byte[] head(Head head) {
    return (head.tree().size()
            + " "
            + HexFormat.of().formatHex(head.tree().root())
            + " "
            + head.state())
        .getBytes(UTF_8);
  }
}
