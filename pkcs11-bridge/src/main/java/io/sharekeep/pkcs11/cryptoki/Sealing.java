package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.profile.Profile;
import io.sharekeep.pkcs11.profile.Profile.IvMode;
import io.sharekeep.pkcs11.seal.SealFormat;
import io.sharekeep.pkcs11.seal.SealFormat.Layout;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;

/**
 * Runs the chunks of a blob through one session, straight between the token and the caller. One
 * implementation for each way in which tokens can do it.
 */
sealed interface Sealing permits GcmSealing, CbcHmacSealing, OaepSealing {
  /** What its blobs look like. */
  Layout layout();

  /** The most plaintext in one chunk of a new blob. */
  int chunk();

  /** Writes all but the header to {@code out}, native memory of the exact length. */
  void seal(Call call, MemorySegment plain, MemorySegment out);

  /**
   * Writes the plaintext to the beginning of {@code out}, which the caller zeroes if this throws:
   * until the last chunk has verified, what stands there is nobody's plaintext.
   */
  void open(Call call, MemorySegment sealed, MemorySegment out);

  /**
   * One seal or open.
   *
   * @param arena lives as long as it
   * @param chunkAad bound to header and caller's AAD, 36 bytes; its index moves with the chunks
   */
  record Call(Session session, Arena arena, KeyRef kek, SealFormat format, MemorySegment chunkAad) {
    static Call of(Session session, Arena arena, KeyRef kek, SealFormat format, Aad aad) {
      var chunkAad = arena.allocate(SealFormat.AAD);
      format.bind(aad, chunkAad);
      return new Call(session, arena, kek, format, chunkAad);
    }
  }

  /** The way that a profile names, which must have been settled. */
  static Sealing of(Profile profile) {
    return switch (profile.suite()) {
      case GCM, GCM_TOKEN_IV -> new GcmSealing(profile.gcm());
      case CBC_HMAC -> new CbcHmacSealing(profile.gcm().maxChunk());
      case RSA_OAEP_GCM -> new OaepSealing(profile.gcm().maxChunk());
    };
  }

  /** What a profile's blobs look like. */
  static Layout layout(Profile profile) {
    return switch (profile.suite()) {
      case GCM -> Layout.GCM_CALLER;
      case GCM_TOKEN_IV ->
          new Layout(
              SealSuite.GCM_TOKEN_IV,
              profile.gcm().iv() instanceof IvMode.Appended(int bytes) ? bytes : SealFormat.GCM_IV);
      case CBC_HMAC -> new Layout(SealSuite.CBC_HMAC, SealFormat.BLOCK);
      case RSA_OAEP_GCM -> new Layout(SealSuite.RSA_OAEP_GCM, SealFormat.GCM_IV);
    };
  }

  /** The token's random bytes XOR the system's, so that one of them may be bad. */
  static MemorySegment mixed(Session session, MemorySegment out) {
    session.functions().generateRandom(session.handle(), out);
    var system = new byte[Math.toIntExact(out.byteSize())];
    new SecureRandom().nextBytes(system);
    for (int i = 0; i < system.length; i++) {
      byte both = (byte) (out.get(ValueLayout.JAVA_BYTE, i) ^ system[i]);
      out.set(ValueLayout.JAVA_BYTE, i, both);
    }
    return out;
  }

  /**
   * What a failed C_Decrypt means: the codes for what does not verify are also answered by a token
   * that nobody is logged in to any more, which is a loss and no forgery.
   */
  static RuntimeException refused(Session session, CkException e) {
    if (!Ck.rejected(e.rv())) {
      return e;
    }
    return session.login().loggedIn(session.handle())
        ? new SealRejected()
        : new CkException(e.function(), Ck.USER_NOT_LOGGED_IN);
  }

  static void requireLength(String function, MemorySegment length, long expected) {
    long is = length.get(JAVA_LONG, 0);
    if (is != expected) {
      throw new IllegalStateException(function + " wrote " + is + " bytes, not " + expected);
    }
  }
}
