package io.sharekeep.enclave.memory;

import java.util.Arrays;
import java.util.Optional;

/** The sizes of session slabs. */
public enum SizeClass {
  /** FROST signing. */
  K4(4),
  /** Key generation without oblivious transfer; ECDSA with one peer. */
  K64(64),
  /** ECDSA with more, and key generation with few. */
  K256(256),
  /** Key generation with oblivious transfer among many. */
  K1024(1024);

  private final long bytes;

  SizeClass(int kibibytes) {
    this.bytes = kibibytes * 1024L;
  }

  public long bytes() {
    return bytes;
  }

  /** The smallest that holds so many bytes; empty if none does. */
  public static Optional<SizeClass> holding(long bytes) {
    return Arrays.stream(values()).filter(size -> size.bytes >= bytes).findFirst();
  }
}
