package io.sharekeep.appliance;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.PairRequest;
import io.sharekeep.enclave.RequestBody;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.SignedRequests;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Somebody with an Ed25519 key who asks for signatures and keys. */
public final class Initiator {
  public static final String COMMITTEE = "c".repeat(64);
  public static final KeyId KEY = new KeyId("ab".repeat(16));

  private final KeyPair pair;

  public Initiator() {
    try {
      pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public SignedRequest<SignRequest> sign(String requestId, KeyId key, byte[] payload) {
    return signed(
        new SignRequest(
            requestId,
            COMMITTEE,
            key,
            Optional.empty(),
            "sol.tx",
            sha256(payload),
            Map.of(),
            Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS)));
  }

  public SignedRequest<KeyRequest> generate(String requestId, KeyId key) {
    return signed(
        new KeyRequest(
            requestId,
            COMMITTEE,
            key,
            "treasury",
            Scheme.FROST_ED25519,
            Set.of("sol.tx"),
            Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS)));
  }

  public SignedRequest<PairRequest> rekey(String requestId, KeyId key) {
    return signed(
        new PairRequest(
            requestId,
            COMMITTEE,
            key,
            List.of(1, 2),
            2,
            Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS)));
  }

  public String signJson(String requestId, KeyId key, byte[] payload) {
    return "{\"request\":"
        + new String(
            SignedRequests.toJson(sign(requestId, key, payload)),
            java.nio.charset.StandardCharsets.UTF_8)
        + ",\"payload\":\""
        + java.util.Base64.getEncoder().encodeToString(payload)
        + "\"}";
  }

  public String generateJson(String requestId, KeyId key) {
    return "{\"request\":"
        + new String(
            SignedRequests.toJson(generate(requestId, key)),
            java.nio.charset.StandardCharsets.UTF_8)
        + "}";
  }

  private <B extends RequestBody> SignedRequest<B> signed(B body) {
    try {
      var signer = Signature.getInstance("Ed25519");
      signer.initSign(pair.getPrivate());
      signer.update(body.digest());
      return new SignedRequest<>(
          body, SignedRequest.KeyAlgorithm.ED25519, pair.getPublic().getEncoded(), signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
