package io.sharekeep.attestation.note;

/**
 * A checkpoint whose signature has been made or verified here.
 *
 * @param note the whole signed note (C2SP signed-note)
 */
public record SignedCheckpoint(Checkpoint checkpoint, byte[] note) {
  public SignedCheckpoint {
    note = note.clone();
  }

  @Override
  public byte[] note() {
    return note.clone();
  }
}
