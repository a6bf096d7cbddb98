package io.sharekeep.enclave.memory;

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
}
