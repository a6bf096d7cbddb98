package io.sharekeep.attestation.note;

/** The {@code log} key in the HSM. */
@FunctionalInterface
public interface CheckpointSigner {
  /**
   * @param digest SHA-256 of a checkpoint's text
   * @return r ‖ s, 64 bytes
   */
  byte[] sign(byte[] digest);
}
