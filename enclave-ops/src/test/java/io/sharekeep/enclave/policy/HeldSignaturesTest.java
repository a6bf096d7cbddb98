package io.sharekeep.enclave.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.Signer;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeldSignaturesTest {
  private final AtomicInteger verified = new AtomicInteger();
  private final HeldSignatures signatures =
      new HeldSignatures(request -> {
        verified.incrementAndGet();
        return SignedRequests.verifies(request);
      });
  private final Signer signer = Signer.ed25519();
  private final SignedRequest<SignRequest> signed = signer.sign(request("one"));

  private static SignRequest request(String id) {
    return new SignRequest(
        id,
        "ab".repeat(32),
        new KeyId("cd".repeat(16)),
        Optional.empty(),
        "sol.tx",
        "ef".repeat(32),
        Map.of(),
        Instant.parse("2026-11-22T00:00:00Z"));
  }

  @Test
  void oneSignatureIsVerifiedOnce() {
    assertTrue(signatures.holds(signed));
    assertTrue(signatures.holds(signed));
    assertEquals(1, verified.get());
  }

  @Test
  void oneThatHoldsSaysNothingOfAnyOther() {
    assertTrue(signatures.holds(signed));
    byte[] other = signed.signature().clone();
    other[0] ^= 1;
    var body = signed.body();
    var algorithm = signed.algorithm();
    assertFalse(signatures.holds(new SignedRequest<>(body, algorithm, signed.key(), other)));
    assertFalse(
        signatures.holds(
            new SignedRequest<>(request("two"), algorithm, signed.key(), signed.signature())));
    assertFalse(
        signatures.holds(
            new SignedRequest<>(body, algorithm, Signer.ed25519().spki(), signed.signature())));
    assertFalse(
        signatures.holds(
            new SignedRequest<>(
                body, SignedRequest.KeyAlgorithm.P256, signed.key(), signed.signature())));
    assertEquals(5, verified.get());
  }

  /** The same bytes in the same order, another signature and another key. */
  @Test
  void whereTheSignatureEndsAndTheKeyBeginsIsPartOfIt() {
    assertTrue(signatures.holds(signed));
    byte[] signature = Arrays.copyOf(signed.signature(), signed.signature().length + 1);
    signature[signature.length - 1] = signed.key()[0];
    byte[] key = Arrays.copyOfRange(signed.key(), 1, signed.key().length);
    assertFalse(
        signatures.holds(new SignedRequest<>(signed.body(), signed.algorithm(), key, signature)));
  }

  @Test
  void oneThatHoldsSaysNothingOfTheOthersInItsPlace() {
    var genuine = new AtomicBoolean(true);
    var crowded = new HeldSignatures(_ -> genuine.get());
    int many = 10_000; // ten for each place
    for (int i = 0; i < many; i++) {
      assertTrue(crowded.holds(withKey(i)));
    }
    genuine.set(false);
    for (int i = many; i < many + 100; i++) {
      assertFalse(crowded.holds(withKey(i)));
    }
  }

  private SignedRequest<SignRequest> withKey(int key) {
    return new SignedRequest<>(
        signed.body(),
        signed.algorithm(),
        ByteBuffer.allocate(4).putInt(key).array(),
        new byte[64]);
  }

  @Test
  void whatDoesNotHoldIsVerifiedAgain() {
    byte[] wrong = signed.signature().clone();
    wrong[0] ^= 1;
    var bad = new SignedRequest<>(signed.body(), signed.algorithm(), signed.key(), wrong);
    assertFalse(signatures.holds(bad));
    assertFalse(signatures.holds(bad));
    assertEquals(2, verified.get());
  }
}
