package io.sharekeep.pkcs11;

import java.nio.ByteBuffer;

/**
 * What a sealed blob is bound to: public bytes of which table, id, key, epoch and version it is.
 * The caller frames them, so that two different bindings never give the same bytes.
 */
public final class Aad {
  /** The greatest length in bytes. */
  public static final int MAX = 4096;

  private final byte[] bytes;

  private Aad(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies {@code bytes}. */
  public static Aad of(byte[] bytes) {
    if (bytes.length > MAX) {
      throw new IllegalArgumentException(bytes.length + " bytes of AAD, at most " + MAX);
    }
    return new Aad(bytes.clone());
  }

  public ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }
}
