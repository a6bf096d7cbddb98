package io.sharekeep.enclave.vault;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.store.KeyRecords.KeyRecordRow;
import java.time.Instant;

/**
 * One epoch of a key at this party: public metadata and the sealed shares.
 *
 * @param version counts how often this epoch's shares were sealed anew
 * @param session id of the session that made the key, 32 bytes
 * @param sealed under {@code kek}, one blob for all own points
 */
public record KeyRecord(
    KeyId id,
    long epoch,
    int version,
    Stage stage,
    byte[] session,
    KeyMetadata metadata,
    byte[] sealed,
    Instant created) {
  public KeyRecord {
    session = session.clone();
    sealed = sealed.clone();
  }

  /** As the store keeps it. */
  public KeyRecordRow row() {
    return new KeyRecordRow(
        id, epoch, version, stage.name(), session, metadata.encoded(), sealed, created);
  }

  /**
   * @throws IllegalStateException when the row does not read: it was altered
   */
  public static KeyRecord of(KeyRecordRow row) {
    return new KeyRecord(
        row.keyId(),
        row.epoch(),
        row.version(),
        stage(row.stage()),
        row.session(),
        KeyMetadata.decode(row.metadata()),
        row.sealed(),
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
