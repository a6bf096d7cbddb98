package io.sharekeep.enclave.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.enclave.SignedRequest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;

/**
 * Initiators' signatures that were found to hold a moment ago. One request is read several times on
 * its way, and its verification is dearer than all else that a reading does. Whether a signature
 * holds depends on nothing but its bytes, so that nothing here ever becomes wrong. Safe for any
 * thread.
 */
final class HeldSignatures {
  /** A later one takes the place of an earlier one; a multiple of what runs at once. */
  private static final int PLACES = 1024;

  private final AtomicReferenceArray<byte[]> held = new AtomicReferenceArray<>(PLACES);
  private final Predicate<SignedRequest<?>> verification;

  HeldSignatures() {
    this(new InitiatorKeys()::verifies);
  }

  HeldSignatures(Predicate<SignedRequest<?>> verification) {
    this.verification = verification;
  }

  boolean holds(SignedRequest<?> request) {
    byte[] name = name(request);
    int place = Math.floorMod(ByteBuffer.wrap(name).getInt(), PLACES);
    if (MessageDigest.isEqual(name, held.get(place))) {
      return true;
    }
    boolean holds = verification.test(request);
    if (holds) {
      held.set(place, name);
    }
    return holds;
  }

  /** All that the verification sees, by hash; each part but the last has one length. */
  private static byte[] name(SignedRequest<?> request) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(request.algorithm().label().getBytes(UTF_8));
      sha256.update((byte) 0);
      sha256.update(request.body().digest());
      sha256.update((byte) request.signature().length);
      sha256.update(request.signature());
      return sha256.digest(request.key());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
