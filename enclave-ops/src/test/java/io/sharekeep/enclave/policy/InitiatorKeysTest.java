package io.sharekeep.enclave.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.Signer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InitiatorKeysTest {
  private final InitiatorKeys keys = new InitiatorKeys();

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
  void whatTheJdkAcceptsAndRefusesIsAcceptedAndRefused() {
    var random = new Random(1);
    for (var signer : new Signer[] {Signer.ed25519(), Signer.p256()}) {
      for (int i = 0; i < 20; i++) {
        var signed = signer.sign(request("request-" + i));
        assertTrue(keys.verifies(signed));
        byte[] signature = signed.signature().clone();
        signature[random.nextInt(signature.length)] ^= (byte) (1 << random.nextInt(8));
        agree(signed.algorithm(), signed.key(), signature);
        agree(signed.algorithm(), signed.key(), new byte[0]);
        agree(signed.algorithm(), signed.key(), java.util.Arrays.copyOf(signature, 65));
        byte[] key = signed.key().clone();
        key[random.nextInt(key.length)] ^= (byte) (1 << random.nextInt(8));
        agree(signed.algorithm(), key, signed.signature());
      }
    }
  }

  private void agree(KeyAlgorithm algorithm, byte[] key, byte[] signature) {
    var request = new SignedRequest<>(request("other"), algorithm, key, signature);
    assertEquals(SignedRequests.verifies(request), keys.verifies(request));
    assertFalse(keys.verifies(request));
  }

  @Test
  void aKeyIsReadForOneAlgorithmAlone() {
    for (var signer : new Signer[] {Signer.ed25519(), Signer.p256()}) {
      var signed = signer.sign(request("one"));
      assertTrue(keys.verifies(signed));
      for (var algorithm : KeyAlgorithm.values()) {
        var claimed =
            new SignedRequest<>(signed.body(), algorithm, signed.key(), signed.signature());
        assertEquals(algorithm == signed.algorithm(), keys.verifies(claimed));
      }
    }
  }

  @Test
  void aKeyOfSmallOrderHasSignedNothing() {
    // The identity: with it R = S·B holds for every message.
    byte[] identity = HexFormat.of().parseHex("302a300506032b6570032100" + "01" + "00".repeat(31));
    byte[] signature = new byte[64];
    signature[0] = 1;
    assertFalse(
        keys.verifies(
            new SignedRequest<>(request("any"), KeyAlgorithm.ED25519, identity, signature)));
  }
}
