package io.sharekeep.enclave.memory;

import java.util.Optional;

/** The sizes of session slabs. */
public enum SizeClass {
  /** FROST signing. */
  K4(4),
  /** Key generation without oblivious transfer. */
  K64(64),
  /** ECDSA with one peer, one-shot. */
  K256(256),
  /** ECDSA with more. */
  K1024(1024);

  private final long bytes;

  SizeClass(int kibibytes) {
    this.bytes = kibibytes * 1024L;
  }

  public long bytes() {
    return bytes;
  }

  /** The class that serves when this one is used up. */
  Optional<SizeClass> larger() {
    return ordinal() + 1 < values().length
        ? Optional.of(values()[ordinal() + 1])
        : Optional.empty();
  }
}
