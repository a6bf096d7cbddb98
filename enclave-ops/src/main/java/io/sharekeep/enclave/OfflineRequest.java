package io.sharekeep.enclave;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.Assent;
import io.sharekeep.enclave.policy.Subject;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Decoding;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.Purpose;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A request that waits for people, as an approver reads it: from its file alone, believing nothing
 * of it. What is asked for is read anew, and what is signed is about what was read here.
 */
public final class OfflineRequest {
  private static final HexFormat HEX = HexFormat.of();

  private final Subject subject;
  private final String initiator;

  private OfflineRequest(Subject subject, String initiator) {
    this.subject = subject;
    this.initiator = initiator;
  }

  /** Either the request or the sentence that says what is wrong with the file. */
  public sealed interface Parsed {
    record Valid(OfflineRequest request) implements Parsed {}

    record Malformed(String reason) implements Parsed {}
  }

  /**
   * Reads what {@link WaitingRequest#json} holds.
   *
   * @param json a payload that was swapped, or a summary of another one, is refused
   */
  public static Parsed parse(byte[] json) {
    try {
      var file = StrictJson.object(json);
      byte[] signed = file.path("request").toString().getBytes(UTF_8);
      return switch (SignedRequests.parse(signed)) {
        case SignedRequests.Parsed.Sign(var request) -> read(file, request);
        case SignedRequests.Parsed.GenerateKey(var request) -> read(file, request);
        case SignedRequests.Parsed.RekeyPair _ ->
            new Parsed.Malformed("this is a request about a pair, which two people sign");
        case SignedRequests.Parsed.Malformed(String reason) ->
            new Parsed.Malformed("request: " + reason);
      };
    } catch (MalformedJson e) {
      return new Parsed.Malformed(e.reason());
    } catch (IllegalArgumentException e) {
      return new Parsed.Malformed("a field has the wrong form");
    }
  }

  private static Parsed read(ObjectNode file, SignedRequest<?> request) {
    if (!SignedRequests.verifies(request)) {
      return new Parsed.Malformed("the initiator's signature does not hold");
    }
    return switch (request.body()) {
      case SignRequest body -> transaction(file, body);
      case KeyRequest body ->
          about(file, new Subject.KeyGeneration(file.path("tenant").asText(), body));
      case PairRequest _, PresignRequest _ ->
          throw new IllegalArgumentException("nobody is asked about that");
    };
  }

  private static Parsed transaction(ObjectNode file, SignRequest body) {
    byte[] payload = HEX.parseHex(file.path("payload").asText());
    if (!sha256(payload).equals(body.payloadSha256())) {
      return new Parsed.Malformed("the payload is not the one whose hash the initiator signed");
    }
    var purpose = Purpose.named(body.purpose());
    if (purpose.isEmpty()) {
      return new Parsed.Malformed("nothing is called " + body.purpose());
    }
    var account =
        new Account(
            new ChainId(file.path("account").path("chain").asText()),
            Bytes.ofHex(file.path("account").path("key").asText()));
    return switch (Decoders.decode(purpose.get(), payload, account)) {
      case Decoding.Refused(var code, int offset, String detail) ->
          new Parsed.Malformed(
              "the payload is refused (" + code.label() + ") at byte " + offset + ": " + detail);
      case Decoding.Decoded(Intent intent) ->
          about(
              file,
              new Subject.Transaction(
                  file.path("tenant").asText(), body, intent, file.path("epoch").asLong()));
    };
  }

  private static Parsed about(ObjectNode file, Subject subject) {
    return subject.hash().equals(file.path(subject.hashName()).asText())
            && says(file, DigestWords.of(subject.hash()))
        ? new Parsed.Valid(new OfflineRequest(subject, file.path("initiator").asText()))
        : new Parsed.Malformed(
            "what is read here is something else than the file says: " + subject.hash());
  }

  private static boolean says(ObjectNode file, List<String> words) {
    var expected = JsonNodeFactory.instance.arrayNode();
    words.forEach(expected::add);
    return expected.equals(file.path("words"));
  }

  public String requestId() {
    return subject.request().requestId();
  }

  /** As the file says; an appliance finds it out by itself. */
  public String initiator() {
    return initiator;
  }

  /** What the transaction does or which key is made, read here. */
  public List<String> summary() {
    return subject.summary();
  }

  /** Six words that stand for {@link #hash}, made here. */
  public List<String> words() {
    return DigestWords.of(hash());
  }

  /** Hex, what is approved: of the transaction as it was read, or of the request for a key. */
  public String hash() {
    return subject.hash();
  }

  /** How {@link #hash} is called where people or programs read it. */
  public String hashName() {
    return subject.hashName();
  }

  /** How a person signs. */
  public record Pen(KeyAlgorithm algorithm, byte[] spki, UnaryOperator<byte[]> signature) {}

  /**
   * What that person says to it, signed: to be brought to the appliance where it waits.
   *
   * @param choice {@code approve}, {@code reject} or {@code withdraw}
   * @param policies hex hashes of the policies of the parties that are to believe it
   */
  public byte[] said(
      String person, String choice, List<String> policies, Instant expires, Pen pen) {
    var chosen =
        Arrays.stream(Assent.Choice.values())
            .filter(known -> known.label().equals(choice))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("nobody can " + choice));
    byte[] nonce = new byte[16];
    new SecureRandom().nextBytes(nonce);
    var statement = subject.statement(person, chosen, policies, expires, HEX.formatHex(nonce));
    var json = JsonNodeFactory.instance.objectNode();
    json.set("statement", statement);
    json.put("algorithm", pen.algorithm().label());
    json.put("key", HEX.formatHex(pen.spki()));
    json.put("signature", HEX.formatHex(pen.signature().apply(Subject.digest(statement))));
    return CanonicalJson.bytes(json);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
