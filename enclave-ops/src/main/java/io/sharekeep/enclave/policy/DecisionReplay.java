package io.sharekeep.enclave.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Decoding;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.Purpose;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes a recorded decision again, from its record and the documents that it names alone: the
 * initiator's signature, the transaction and every approval are read anew. Needs no appliance.
 */
public final class DecisionReplay {
  private static final HexFormat HEX = HexFormat.of();

  private DecisionReplay() {}

  /**
   * Says where the record differs from what comes of its own facts, in sentences; empty if nowhere.
   *
   * @param record as an appliance gives it; anything at all
   * @param policy of the hash that the record names
   * @param lists of the hashes that the record names
   */
  public static List<String> differences(byte[] record, RuledPolicy policy, Lists lists) {
    try {
      var json = StrictJson.object(record);
      var wrong = new ArrayList<String>();
      var petition = petition(json, policy, wrong);
      var again = StrictJson.object(RulesJudge.recomputed(policy, lists, petition, record));
      var fields = new TreeSet<String>();
      json.fieldNames().forEachRemaining(fields::add);
      again.fieldNames().forEachRemaining(fields::add);
      for (var field : fields) {
        if (!json.path(field).equals(again.path(field))) {
          wrong.add(
              field
                  + " is "
                  + shown(json.path(field))
                  + ", but comes to "
                  + shown(again.path(field)));
        }
      }
      return List.copyOf(wrong);
    } catch (Unreadable | MalformedJson e) {
      return List.of(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
      return List.of("the record cannot be made again: " + e.getMessage());
    }
  }

  /** It stops before there is anything to compare. */
  private static final class Unreadable extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }
  }

  private static String shown(JsonNode node) {
    var text = node.toString();
    return node.isMissingNode()
        ? "absent"
        : text.length() > 400 ? text.substring(0, 400) + "…" : text;
  }

  private static Petition petition(ObjectNode json, RuledPolicy policy, List<String> wrong) {
    byte[] bytes = json.path("request").toString().getBytes(UTF_8);
    return switch (SignedRequests.parse(bytes)) {
      case SignedRequests.Parsed.Sign(var request) -> signing(json, request, policy, wrong);
      case SignedRequests.Parsed.GenerateKey(var request) ->
          generating(json, request, policy, wrong);
      case SignedRequests.Parsed.RekeyPair _ ->
          throw new Unreadable("the record is about a pair, of which none is kept");
      case SignedRequests.Parsed.Malformed(String reason) ->
          throw new Unreadable("request: " + reason);
    };
  }

  private static String initiator(
      SignedRequest<?> request, RuledPolicy policy, List<String> wrong) {
    var initiator = policy.ownerOf(request.algorithm(), request.key());
    if (initiator.isEmpty() || !SignedRequests.verifies(request)) {
      wrong.add("the request's signature does not hold under a key of the policy");
    }
    return initiator.orElse("");
  }

  private static Petition generating(
      ObjectNode json, SignedRequest<KeyRequest> request, RuledPolicy policy, List<String> wrong) {
    var initiator = initiator(request, policy, wrong);
    var at = Instant.parse(json.path("at").asText());
    var subject = new Subject.KeyGeneration(policy.tenant(), request.body());
    return new Petition.Generating(
        request, initiator, assents(json, subject, policy, initiator, at, wrong), at);
  }

  private static Petition signing(
      ObjectNode json, SignedRequest<SignRequest> request, RuledPolicy policy, List<String> wrong) {
    var body = request.body();
    var initiator = initiator(request, policy, wrong);
    byte[] payload = HEX.parseHex(json.path("payload").asText());
    if (!sha256(payload).equals(body.payloadSha256())) {
      wrong.add("the payload is not the one whose hash was signed");
    }
    var account =
        new Account(
            new ChainId(json.path("account").path("chain").asText()),
            Bytes.ofHex(json.path("account").path("key").asText()));
    var at = Instant.parse(json.path("at").asText());
    var intent = intent(body.purpose(), payload, account);
    return new Petition.Signing(
        request,
        payload,
        account,
        intent,
        initiator,
        json.path("key").path("epoch").asLong(),
        texts(json.path("own")),
        texts(json.path("quorum")),
        assents(
            json,
            new Subject.Transaction(
                policy.tenant(), body, intent, json.path("key").path("epoch").asLong()),
            policy,
            initiator,
            at,
            wrong),
        at);
  }

  /** Whose approval does not hold does not count, and the record is wrong to name it. */
  private static List<Assent> assents(
      ObjectNode json,
      Subject subject,
      RuledPolicy policy,
      String initiator,
      Instant at,
      List<String> wrong) {
    var assents = new ArrayList<Assent>();
    for (var node : json.path("approvals")) {
      byte[] statement = node.toString().getBytes(UTF_8);
      switch (Assents.read(statement, subject, policy, initiator, at)) {
        case Assents.Read.Valid(Assent assent) -> assents.add(assent);
        case Assents.Read.Refused(var refusal) ->
            wrong.add("an approval that was counted does not hold: " + refusal.detail());
      }
    }
    return assents;
  }

  private static Intent intent(String purpose, byte[] payload, Account account) {
    var known =
        Purpose.named(purpose).orElseThrow(() -> new Unreadable("nothing is called " + purpose));
    return switch (Decoders.decode(known, payload, account)) {
      case Decoding.Decoded(Intent intent) -> intent;
      case Decoding.Refused(var code, int offset, String detail) ->
          throw new Unreadable(
              "the payload is refused (" + code.label() + ") at byte " + offset + ": " + detail);
    };
  }

  private static Set<String> texts(JsonNode array) {
    var texts = new HashSet<String>();
    array.forEach(node -> texts.add(node.asText()));
    return texts.stream().collect(Collectors.toUnmodifiableSet());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
