package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.SignedRequests;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Signed requests as they go over the wire, so that a test can spoil them. */
record Orders(String committee, String key, String purpose, byte[] payload, Instant notAfter) {
  /** A request that is right for the key. */
  static Orders of(Key key, byte[] payload) {
    return new Orders(
        key.committee(),
        key.id(),
        key.purpose(),
        payload,
        Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS));
  }

  Orders withKey(String other) {
    return new Orders(committee, other, purpose, payload, notAfter);
  }

  Orders withPayload(byte[] other) {
    return new Orders(committee, key, purpose, other, notAfter);
  }

  Orders withNotAfter(Instant other) {
    return new Orders(committee, key, purpose, payload, other);
  }

  /** The signed request alone. */
  String signedBy(Identity initiator) {
    var body =
        new SignRequest(
            UUID.randomUUID().toString(),
            committee,
            new KeyId(key),
            Optional.empty(),
            purpose,
            sha256(payload),
            Map.of(),
            notAfter);
    var request =
        new SignedRequest<>(
            body,
            SignedRequest.KeyAlgorithm.ED25519,
            HexFormat.of().parseHex(initiator.publicKey()),
            signature(initiator.key(), body.digest()));
    return new String(SignedRequests.toJson(request), UTF_8);
  }

  /** The body of {@code POST /v1/sign-requests}. */
  String bodyBy(Identity initiator) {
    return "{\"request\":"
        + signedBy(initiator)
        + ",\"payload\":\""
        + Base64.getEncoder().encodeToString(payload)
        + "\"}";
  }

  private static byte[] signature(Path key, byte[] message) {
    return signature(TlsClient.privateKey(key, "Ed25519"), message);
  }

  /** Ed25519. */
  static byte[] signature(PrivateKey key, byte[] message) {
    try {
      var signer = Signature.getInstance("Ed25519");
      signer.initSign(key);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
