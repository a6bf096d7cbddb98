package io.sharekeep.attestation.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The rolling digest of what an appliance would sign: every entry carries it. */
public final class StateDigest {
  /** Hex: before the first entry that moves it. */
  public static final String FIRST = "0".repeat(64);

  private static final String DOMAIN = "sharekeep/security-state/v1\n";

  private StateDigest() {}

  /**
   * SHA-256(domain ‖ digest before ‖ kind ‖ entry), each but the domain after its length; for a
   * kind that does not move it, the digest before.
   *
   * @param state hex, 64 characters
   * @param entry canonical JSON of the entry's own fields
   */
  public static String next(String state, EntryKind kind, byte[] entry) {
    if (!kind.movesState()) {
      return state;
    }
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(DOMAIN.getBytes(UTF_8));
      for (byte[] part :
          new byte[][] {HexFormat.of().parseHex(state), kind.label().getBytes(UTF_8), entry}) {
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
        sha256.update(part);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
