package io.sharekeep.enclave.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.log.LogEntry;
import io.sharekeep.attestation.log.StateDigest;
import io.sharekeep.attestation.note.LogKey;
import io.sharekeep.attestation.note.MerkleHead;
import io.sharekeep.attestation.note.SignedCheckpoint;
import io.sharekeep.enclave.store.LogRows;
import io.sharekeep.enclave.store.Meta;
import io.sharekeep.enclave.store.Reading;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the whole log once and says whether it is what was written. */
final class LogCheck {
  private final Optional<LogRows.CheckpointRow> newest;
  private final Optional<SignedCheckpoint> signed;
  private AuditLog.Head head = new AuditLog.Head(MerkleHead.EMPTY, StateDigest.FIRST);
  private long lastCommit;
  private @Nullable String fault;

  private LogCheck(Optional<LogRows.CheckpointRow> newest, LogKey key) {
    this.newest = newest;
    this.signed = newest.flatMap(row -> key.verify(row.note()));
  }

  /** Whole, with what to go on from, or broken, with what to tell. */
  sealed interface Result {
    record Whole(AuditLog.Head head, Optional<SignedCheckpoint> newest) implements Result {}

    record Broken(String why) implements Result {}
  }

  static Result run(Reading from, String tenant, LogKey key) {
    var rows = new LogRows(tenant);
    return new LogCheck(rows.newestCheckpoint(from), key).check(from, rows);
  }

  /** The newest checkpoint covers every entry before it, so that older ones add nothing. */
  private Result check(Reading from, LogRows rows) {
    if (newest.isPresent() && signed.isEmpty()) {
      return new Result.Broken("the newest checkpoint is not signed by this log's key");
    }
    rows.each(from, 0, this::visit);
    if (fault != null) {
      return new Result.Broken(fault);
    }
    long size = head.tree().size();
    byte[] stored = Meta.find(from, AuditLog.HEAD).orElse(new byte[0]);
    if (size > 0 ? !Arrays.equals(stored, AuditLog.head(head)) : stored.length != 0) {
      return new Result.Broken(
          "the log has "
              + size
              + " entries, but the head stored with the last one says otherwise ("
              + new String(stored, UTF_8)
              + ")");
    }
    long covered = signed.map(s -> s.checkpoint().size()).orElse(0L);
    if (covered > size) {
      return new Result.Broken(
          "the newest signed checkpoint covers "
              + covered
              + " entries, the log has "
              + size
              + ": entries are missing");
    }
    return new Result.Whole(head, signed);
  }

  private void visit(LogRows.LogRow row) {
    if (fault != null) {
      return;
    }
    long index = head.tree().size();
    if (row.position() != index) {
      fault = "entry " + index + " is missing";
      return;
    }
    var entry = LogEntry.read(row.leaf()).filter(read -> agrees(row, read));
    if (row.commitNumber() < lastCommit || entry.isEmpty()) {
      fault = "entry " + index + " was altered: its columns and its bytes disagree";
      return;
    }
    var state = StateDigest.next(head.state(), entry.get().kind(), entry.get().entry());
    if (!state.equals(entry.get().state())) {
      fault = "entry " + index + " was altered: its state digest does not follow";
      return;
    }
    lastCommit = row.commitNumber();
    head = new AuditLog.Head(head.tree().append(row.leaf()), state);
    compareWithCheckpoint();
  }

  private static boolean agrees(LogRows.LogRow row, LogEntry read) {
    return read.index() == row.position()
        && read.tenant().equals(row.tenant())
        && read.kind().label().equals(row.kind())
        && read.commit() == row.commitNumber()
        && read.at().equals(row.at());
  }

  private void compareWithCheckpoint() {
    var checkpoint = signed.map(SignedCheckpoint::checkpoint);
    if (checkpoint.filter(c -> c.size() == head.tree().size()).isPresent()
        && !Arrays.equals(checkpoint.get().root(), head.tree().root())) {
      fault =
          "the first "
              + head.tree().size()
              + " entries do not hash to the checkpoint that was signed over them";
    }
  }
}
