package io.sharekeep.enclave.policy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.rules.Actor;
import io.sharekeep.enclave.rules.Policy;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * An assertion of a passkey: WebAuthn Level 2, section 7.2, as far as it concerns one signature.
 * Which origins and relying parties may ask is the policy's word. The signature counter is not
 * looked at: synced passkeys keep it at 0.
 */
final class Passkey {
  private static final int RP_ID_HASH = 32;
  private static final int USER_PRESENT = 0x01;
  private static final int USER_VERIFIED = 0x04;

  private Passkey() {}

  /**
   * What the authenticator and the browser made of the challenge.
   *
   * @param clientData JSON in UTF-8, as the browser made it
   */
  record Assertion(byte[] authenticatorData, byte[] clientData) {}

  /**
   * @param spki SubjectPublicKeyInfo
   */
  record Key(Actor.Form form, byte[] spki) {}

  static boolean isOne(Actor.Form form) {
    return switch (form) {
      case WEBAUTHN_EDDSA, WEBAUTHN_ES256 -> true;
      case ED25519, P256 -> false;
    };
  }

  /**
   * Why it is not that key's word about that challenge; empty if it is.
   *
   * @param signature Ed25519: 64 bytes; ES256: DER
   * @param settings absent: the policy has no place where passkeys may be used
   */
  static Optional<Refusal> objection(
      Assertion assertion,
      Key key,
      byte[] challenge,
      byte[] signature,
      Optional<Policy.WebAuthn> settings) {
    if (settings.isEmpty()) {
      return no(Code.APPROVAL_ORIGIN, "the policy names no origin where passkeys are used");
    }
    return client(assertion.clientData(), challenge, settings.get())
        .or(() -> authenticator(assertion.authenticatorData(), settings.get()))
        .or(() ->
            holds(assertion, key, signature)
                ? Optional.empty()
                : no(Code.APPROVAL_SIGNATURE, "the passkey's signature does not hold"));
  }

  private static Optional<Refusal> client(
      byte[] clientData, byte[] challenge, Policy.WebAuthn settings) {
    ObjectNode client;
    try {
      client = StrictJson.object(clientData);
    } catch (MalformedJson e) {
      return no(Code.APPROVAL_MALFORMED, "clientData: " + e.reason());
    }
    if (!client.path("type").asText().equals("webauthn.get")) {
      return no(Code.APPROVAL_MALFORMED, "clientData is of no assertion");
    }
    var expected = Base64.getUrlEncoder().withoutPadding().encodeToString(challenge);
    if (!client.path("challenge").asText().equals(expected)) {
      return no(Code.APPROVAL_SIGNATURE, "the passkey was asked about something else");
    }
    return settings.origins().contains(client.path("origin").asText())
            && !client.path("crossOrigin").asBoolean(false)
        ? Optional.empty()
        : no(Code.APPROVAL_ORIGIN, "the passkey was used at another origin than the policy names");
  }

  private static Optional<Refusal> authenticator(byte[] data, Policy.WebAuthn settings) {
    byte[] rpIdHash = Arrays.copyOf(data, RP_ID_HASH);
    if (settings.rpIds().stream()
        .noneMatch(rpId -> MessageDigest.isEqual(sha256(rpId.getBytes(US_ASCII)), rpIdHash))) {
      return no(Code.APPROVAL_ORIGIN, "the passkey belongs to another relying party");
    }
    int wanted = USER_PRESENT | USER_VERIFIED;
    return (data[RP_ID_HASH] & wanted) == wanted
        ? Optional.empty()
        : no(Code.APPROVAL_USER_VERIFICATION, "the passkey did not verify who used it");
  }

  private static boolean holds(Assertion assertion, Key key, byte[] signature) {
    byte[] hash = sha256(assertion.clientData());
    byte[] message =
        ByteBuffer.allocate(assertion.authenticatorData().length + hash.length)
            .put(assertion.authenticatorData())
            .put(hash)
            .array();
    return switch (key.form()) {
      case WEBAUTHN_EDDSA ->
          SignatureKeys.verifies(KeyAlgorithm.ED25519, key.spki(), message, signature);
      case WEBAUTHN_ES256 -> es256(key.spki(), message, signature);
      case ED25519, P256 -> false;
    };
  }

  private static boolean es256(byte[] spki, byte[] message, byte[] signature) {
    var decoded = SignatureKeys.decode(KeyAlgorithm.P256, spki);
    if (decoded.isEmpty()) {
      return false;
    }
    try {
      var verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(decoded.get());
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // A signature that the provider cannot read does not verify.
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Optional<Refusal> no(Code code, String detail) {
    return Optional.of(new Refusal(code, detail));
  }
}
