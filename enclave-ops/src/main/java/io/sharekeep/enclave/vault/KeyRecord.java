package io.sharekeep.enclave.vault;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.store.KeyRecords.KeyRecordRow;
import io.sharekeep.enclave.store.KeyRecords.SealRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One epoch of a key at this party: public metadata and the sealed shares.
 *
 * @param session id of the session that made the key, 32 bytes
 * @param seals under one kek each; each holds all own points' shares
 */
public record KeyRecord(
    KeyId id,
    long epoch,
    Stage stage,
    byte[] session,
    KeyMetadata metadata,
    List<SealRow> seals,
    Instant created) {
  public KeyRecord {
    session = session.clone();
    seals = List.copyOf(seals);
  }

  /** The same, further on. */
  public KeyRecord at(Stage next) {
    return new KeyRecord(id, epoch, next, session, metadata, seals, created);
  }

  /**
   * The same, sealed anew.
   *
   * @param added seals that it has now too
   * @param removed keks that open it no more
   */
  public KeyRecord resealed(List<SealRow> added, Set<String> removed) {
    var now =
        new ArrayList<>(seals.stream().filter(seal -> !removed.contains(seal.kek())).toList());
    now.addAll(added);
    return new KeyRecord(id, epoch, stage, session, metadata, now, created);
  }

  /** Whether it has a seal under that kek. */
  public boolean isSealedUnder(String kek) {
    return seals.stream().anyMatch(seal -> seal.kek().equals(kek));
  }

  /** The version that the next seal has. */
  int nextVersion() {
    return 1 + seals.stream().mapToInt(SealRow::version).max().orElse(0);
  }

  /** As the store keeps it. */
  public KeyRecordRow row() {
    return new KeyRecordRow(id, epoch, stage.name(), session, metadata.encoded(), seals, created);
  }

  /**
   * @throws IllegalStateException when the row does not read: it was altered
   */
  public static KeyRecord of(KeyRecordRow row) {
    if (row.seals().isEmpty()) {
      throw new IllegalStateException("it has no seal");
    }
    return new KeyRecord(
        row.keyId(),
        row.epoch(),
        stage(row.stage()),
        row.session(),
        KeyMetadata.decode(row.metadata()),
        row.seals(),
        row.created());
  }

  private static Stage stage(String name) {
    for (var stage : Stage.values()) {
      if (stage.name().equals(name)) {
        return stage;
      }
    }
    throw new IllegalStateException("a key record has no stage " + name);
  }
}
