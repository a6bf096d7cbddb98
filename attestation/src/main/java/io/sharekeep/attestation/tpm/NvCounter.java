package io.sharekeep.attestation.tpm;

import io.sharekeep.attestation.evidence.Octets;
import java.nio.ByteBuffer;

/** The index of the rollback counter, and the name by which a TPM certifies it. */
public final class NvCounter {
  /** Where it is unless configured otherwise: of the owner's range. */
  public static final long DEFAULT_INDEX = 0x0180_5348L;

  /** COUNTER, AUTHWRITE, OWNERREAD, AUTHREAD, NO_DA. */
  public static final int ATTRIBUTES = 0x0206_0014;

  private static final int WRITTEN = 1 << 29;
  private static final short SHA256 = 0x000b;

  private NvCounter() {}

  /**
   * The name of a written counter of eight bytes with our attributes and no policy. Without this
   * check an ordinary index, which anyone can write, could be certified in its place.
   */
  public static Octets name(long index) {
    var publicArea = publicArea(index, ATTRIBUTES | WRITTEN);
    var hash = Octets.sha256(publicArea);
    return new Octets(
        ByteBuffer.allocate(2 + hash.length()).putShort(SHA256).put(hash.value()).array());
  }

  /** TPMS_NV_PUBLIC. */
  static byte[] publicArea(long index, int attributes) {
    return ByteBuffer.allocate(14)
        .putInt((int) index)
        .putShort(SHA256)
        .putInt(attributes)
        .putShort((short) 0)
        .putShort((short) 8)
        .array();
  }
}
