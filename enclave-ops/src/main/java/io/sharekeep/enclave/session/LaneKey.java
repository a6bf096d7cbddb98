package io.sharekeep.enclave.session;

import io.sharekeep.threshold.frost.SigningKey;

/** What one signature verifies under: derived and tweaked as its input demands. */
sealed interface LaneKey {
  /** FROST's. */
  record Schnorr(SigningKey key) implements LaneKey {
    @Override
    public byte[] publicKey() {
      return switch (key.suite()) {
        case ED25519 -> key.groupKey().encoded();
        case SECP256K1_TAPROOT -> key.xOnly();
        case SECP256K1 -> throw new IllegalStateException("no purpose signs by this suite");
      };
    }
  }

  /** Threshold ECDSA's. */
  record Ecdsa(io.sharekeep.threshold.ecdsa.SigningKey key) implements LaneKey {
    @Override
    public byte[] publicKey() {
      return key.key().encoded();
    }
  }

  /** 32 bytes: the Ed25519 key, or the x-only output key; 33 bytes for ECDSA. */
  byte[] publicKey();
}
