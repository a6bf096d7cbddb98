package io.sharekeep.enclave.policy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.Assent.Choice;
import io.sharekeep.enclave.rules.Actor;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Verifies what people have signed about a request. Each party does so by itself, against its own
 * policy and its own reading of the transaction; whoever brings a statement is not asked.
 *
 * <pre>{"statement": {…}, "algorithm", "key": hex SubjectPublicKeyInfo, "signature": hex,
 *  "authenticatorData": hex, "clientData": hex}</pre>
 *
 * The last two of a passkey alone.
 */
public final class Assents {
  /** No signed statement is longer, in bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  /** So many people say something about one request at most. */
  public static final int MOST = 32;

  private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");

  private Assents() {}

  /** What a signed statement turned out to be. */
  public sealed interface Read {
    record Valid(Assent assent) implements Read {}

    record Refused(Refusal refusal) implements Read {}
  }

  private record Signed(
      ObjectNode statement,
      String person,
      String decision,
      List<String> policies,
      Instant expires,
      Actor.Form form,
      String key,
      byte[] signature,
      Optional<Passkey.Assertion> assertion,
      byte[] canonical) {}

  /**
   * Reads and verifies.
   *
   * @param initiator who asked for it
   */
  public static Read read(
      byte[] json, Subject subject, RuledPolicy policy, String initiator, Instant now) {
    if (json.length > MAX_BYTES) {
      return refused(Code.APPROVAL_MALFORMED, "it is longer than " + MAX_BYTES + " bytes");
    }
    try {
      var object = StrictJson.object(json);
      var signed =
          JsonFields.read(object, "", fields -> fields(fields, CanonicalJson.bytes(object)));
      return verify(signed, subject, policy, initiator, now);
    } catch (MalformedJson e) {
      return refused(Code.APPROVAL_MALFORMED, e.reason());
    }
  }

  private static Signed fields(JsonFields fields, byte[] canonical) {
    var statement = fields.raw("statement");
    var form = form(fields.text("algorithm", 16));
    var key = HexFormat.of().formatHex(fields.hex("key", 40, 128));
    byte[] signature = fields.hex("signature", 60, 80);
    var assertion =
        Passkey.isOne(form)
            ? Optional.of(
                new Passkey.Assertion(
                    fields.hex("authenticatorData", 37, 1024), fields.hex("clientData", 16, 4096)))
            : Optional.<Passkey.Assertion>empty();
    return JsonFields.read(
        statement,
        "statement",
        said -> {
          said.integer("v", Subject.VERSION, Subject.VERSION);
          for (var compared :
              List.of(
                  "tenant",
                  "requestId",
                  "requestSha256",
                  "keyId",
                  said.text("action", 64).equals(Subject.CEREMONY)
                      ? Subject.CEREMONY
                      : Subject.INTENT)) {
            said.text(compared, 64);
          }
          said.integer("epoch", 0, Integer.MAX_VALUE);
          said.textList("summary", 1024, 4096);
          said.text("nonce", 32, NONCE, "32 lower-case hex digits");
          return new Signed(
              statement,
              said.text("person", 64),
              said.text("decision", 16),
              said.textList("policies", 64, 64),
              said.instant("expires"),
              form,
              key,
              signature,
              assertion,
              canonical);
        });
  }

  private static Actor.Form form(String label) {
    return Arrays.stream(Actor.Form.values())
        .filter(form -> form.label().equals(label))
        .findFirst()
        .orElseThrow(() ->
            new MalformedJson("algorithm must be ed25519, p256, webauthn-es256 or webauthn-eddsa"));
  }

  private static Read verify(
      Signed signed, Subject subject, RuledPolicy policy, String initiator, Instant now) {
    var choice =
        Arrays.stream(Choice.values())
            .filter(known -> known.label().equals(signed.decision()))
            .findFirst();
    if (choice.isEmpty()) {
      return refused(Code.APPROVAL_MALFORMED, "decision must be approve, reject or withdraw");
    }
    var expected =
        subject.statement(
            signed.person(),
            choice.get(),
            signed.policies(),
            signed.expires(),
            signed.statement().path("nonce").asText());
    if (!Arrays.equals(CanonicalJson.bytes(expected), CanonicalJson.bytes(signed.statement()))) {
      return refused(
          Code.APPROVAL_OTHER_REQUEST,
          "it is about another request, transaction, key or tenant: "
              + differing(expected, signed.statement()));
    }
    if (!signed.policies().contains(policy.hash())) {
      return refused(
          Code.APPROVAL_OTHER_POLICY,
          "it was made under another version of the policy than " + policy.hash());
    }
    if (!now.isBefore(signed.expires())) {
      return refused(Code.APPROVAL_EXPIRED, "it was good until " + signed.expires());
    }
    var owner = policy.ownerOf(signed.form(), signed.key());
    if (!owner.equals(Optional.of(signed.person()))) {
      return refused(
          Code.APPROVAL_UNKNOWN_KEY,
          "the policy gives "
              + signed.person()
              + " no such key; a person was removed, or never"
              + " enrolled");
    }
    if (!subject.deciders(policy.rules()).contains(signed.person())) {
      return refused(Code.APPROVAL_NOT_APPROVER, signed.person() + " has no say in it");
    }
    if (signed.person().equals(initiator)) {
      return refused(
          Code.APPROVAL_BY_INITIATOR, signed.person() + " asked for it and cannot approve it");
    }
    return signature(signed, policy)
        .<Read>map(Read.Refused::new)
        .orElseGet(
            () -> new Read.Valid(new Assent(signed.person(), choice.get(), signed.canonical())));
  }

  private static String differing(ObjectNode expected, ObjectNode found) {
    var fields = new java.util.TreeSet<String>();
    expected.fieldNames().forEachRemaining(fields::add);
    fields.removeIf(field -> expected.path(field).equals(found.path(field)));
    return String.join(", ", fields);
  }

  /** Why it does not hold, if it does not. */
  private static Optional<Refusal> signature(Signed signed, RuledPolicy policy) {
    byte[] digest = Subject.digest(signed.statement());
    byte[] key = HexFormat.of().parseHex(signed.key());
    if (signed.assertion().isPresent()) {
      return Passkey.objection(
          signed.assertion().get(),
          new Passkey.Key(signed.form(), key),
          digest,
          signed.signature(),
          policy.rules().webauthn());
    }
    var algorithm = signed.form() == Actor.Form.ED25519 ? KeyAlgorithm.ED25519 : KeyAlgorithm.P256;
    return SignatureKeys.verifies(algorithm, key, digest, signed.signature())
        ? Optional.empty()
        : Optional.of(
            new Refusal(Code.APPROVAL_SIGNATURE, "its signature does not hold over the statement"));
  }

  private static Read refused(Code code, String detail) {
    return new Read.Refused(new Refusal(code, detail));
  }

  /** Names a set of them: 32 bytes, the same in whatever order they came. */
  public static byte[] digest(List<Assent> assents) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      assents.stream()
          .map(assent -> assent.person() + " " + assent.choice().label() + "\n")
          .sorted(Comparator.naturalOrder())
          .forEach(line -> sha256.update(line.getBytes(US_ASCII)));
      return sha256.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
