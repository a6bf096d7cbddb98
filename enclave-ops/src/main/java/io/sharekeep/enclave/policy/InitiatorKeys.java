package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.threshold.group.Ed25519Verifier;
import io.sharekeep.threshold.primitive.P256Verifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Verifies under the keys of one policy's initiators, each of which is read once: with its tables
 * kept a verification takes a small part of what the JDK's takes, which was the dearest single
 * thing that a party did for a signature. Accepts what {@link SignatureKeys} accepts of keys that
 * lie in the prime-order subgroup. Safe for any thread.
 */
final class InitiatorKeys {
  /** Bytes of an Ed25519 SubjectPublicKeyInfo before the key, RFC 8410 section 4. */
  private static final int ED25519_HEAD = 12;

  private final Map<Key, Optional<Verification>> read = new ConcurrentHashMap<>();

  private record Key(KeyAlgorithm algorithm, ByteBuffer spki) {}

  private interface Verification {
    boolean verifies(byte[] message, byte[] signature);
  }

  /**
   * Whether the signature holds over the body's digest.
   *
   * @param request by a key of the policy: what is kept here is bounded by that alone
   */
  boolean verifies(SignedRequest<?> request) {
    return read.computeIfAbsent(
            new Key(request.algorithm(), ByteBuffer.wrap(request.key())),
            key -> verification(key.algorithm(), key.spki().array()))
        .map(key -> key.verifies(request.body().digest(), request.signature()))
        .orElse(false);
  }

  private static Optional<Verification> verification(KeyAlgorithm algorithm, byte[] spki) {
    if (SignatureKeys.decode(algorithm, spki).isEmpty()) {
      return Optional.empty();
    }
    return switch (algorithm) {
      case ED25519 ->
          Ed25519Verifier.of(Arrays.copyOfRange(spki, ED25519_HEAD, spki.length))
              .map(verifier -> verifier::verifies);
      case P256 -> P256Verifier.of(spki).map(verifier -> verifier::verifies);
    };
  }
}
