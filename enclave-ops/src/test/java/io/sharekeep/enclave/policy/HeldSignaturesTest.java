package io.sharekeep.enclave.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.Signer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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
