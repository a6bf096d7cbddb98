package io.sharekeep.appliance.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.pkcs11.terms.EcdsaDer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** An outcome as JSON, as clients and peers see it; written and read back. */
public final class OutcomeJson {
  private static final HexFormat HEX = HexFormat.of();

  private OutcomeJson() {}

  /** The field {@code outcome} tells the kinds apart. */
  public static ObjectNode of(Outcome outcome) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("requestId", outcome.requestId());
    switch (outcome) {
      case Outcome.Signed signed -> {
        json.put("outcome", "signed");
        json.put("keyId", signed.keyId().hex());
        json.put("scheme", signed.scheme().label());
        var signatures = json.putArray("signatures");
        for (var signature : signed.signatures()) {
          var item =
              signatures
                  .addObject()
                  .put("input", signature.input())
                  .put("publicKey", HEX.formatHex(signature.publicKey()))
                  .put("message", HEX.formatHex(signature.message()))
                  .put("signature", HEX.formatHex(signature.signature()));
          signature.recovery().ifPresent(recovery -> ecdsa(item, signature, recovery));
        }
        signed
            .signedTransaction()
            .ifPresent(
                bytes -> json.put("signedTransaction", Base64.getEncoder().encodeToString(bytes)));
      }
      case Outcome.KeyGenerated generated -> {
        json.put("outcome", "key-generated");
        json.set("key", KeyJson.of(generated.key()));
      }
      case Outcome.PairRekeyed rekeyed -> {
        json.put("outcome", "pair-rekeyed");
        json.put("keyId", rekeyed.keyId().hex());
        var parties = json.putArray("parties");
        rekeyed.parties().forEach(parties::add);
        json.put("generation", rekeyed.generation());
      }
      case Outcome.Presigned presigned -> {
        json.put("outcome", "presigned");
        json.put("keyId", presigned.keyId().hex());
        var parties = json.putArray("parties");
        presigned.parties().forEach(parties::add);
      }
      case Outcome.Denied denied -> json.put("outcome", "denied").put("rule", denied.rule());
      case Outcome.Aborted aborted -> {
        json.put("outcome", "aborted").put("fault", aborted.fault());
        var culprits = json.putArray("culprits");
        aborted.culprits().forEach(culprits::add);
      }
      case Outcome.Lost lost -> json.put("outcome", "lost").put("reason", lost.reason());
    }
    return json;
  }

  /** As chains want it: r and s by themselves, in DER, and what gives the key back. */
  private static void ecdsa(
      ObjectNode item, Outcome.Signature signature, Outcome.Recovery recovery) {
    var r = Arrays.copyOf(signature.signature(), 32);
    var s = Arrays.copyOfRange(signature.signature(), 32, 64);
    item.put("r", HEX.formatHex(r))
        .put("s", HEX.formatHex(s))
        .put("der", HEX.formatHex(EcdsaDer.encode(signature.signature())))
        .put("recoveryId", recovery.id());
    recovery.v().ifPresent(v -> item.put("v", v.toString()));
  }

  private static Optional<Outcome.Recovery> recovery(ObjectNode signature) {
    return signature.has("recoveryId")
        ? Optional.of(
            new Outcome.Recovery(
                Math.toIntExact(StrictJson.integer(signature, "recoveryId")),
                signature.has("v")
                    ? Optional.of(new BigInteger(StrictJson.text(signature, "v")))
                    : Optional.empty()))
        : Optional.empty();
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws StrictJson.Malformed if it is anything else
   */
  public static Outcome read(byte[] bytes) {
    var json = StrictJson.parse(bytes);
    var requestId = StrictJson.text(json, "requestId");
    try {
      return switch (StrictJson.text(json, "outcome")) {
        case "signed" -> {
          expect(json, Set.of("keyId", "scheme", "signatures"), Set.of("signedTransaction"));
          yield signed(json, requestId);
        }
        case "key-generated" -> {
          expect(json, Set.of("key"), Set.of());
          yield new Outcome.KeyGenerated(requestId, KeyJson.read(StrictJson.child(json, "key")));
        }
        case "pair-rekeyed" -> {
          expect(json, Set.of("keyId", "parties", "generation"), Set.of());
          var parties = new ArrayList<Integer>();
          json.withArray("parties").forEach(party -> parties.add(party.intValue()));
          yield new Outcome.PairRekeyed(
              requestId,
              new KeyId(StrictJson.text(json, "keyId")),
              parties,
              StrictJson.integer(json, "generation"));
        }
        case "presigned" -> {
          expect(json, Set.of("keyId", "parties"), Set.of());
          var parties = new ArrayList<Integer>();
          json.withArray("parties").forEach(party -> parties.add(party.intValue()));
          yield new Outcome.Presigned(
              requestId, new KeyId(StrictJson.text(json, "keyId")), parties);
        }
        case "denied" -> {
          expect(json, Set.of("rule"), Set.of());
          yield new Outcome.Denied(requestId, StrictJson.text(json, "rule"));
        }
        case "aborted" -> {
          expect(json, Set.of("fault", "culprits"), Set.of());
          var culprits = new ArrayList<Integer>();
          json.withArray("culprits").forEach(party -> culprits.add(party.intValue()));
          yield new Outcome.Aborted(requestId, StrictJson.text(json, "fault"), culprits);
        }
        case "lost" -> {
          expect(json, Set.of("reason"), Set.of());
          yield new Outcome.Lost(requestId, StrictJson.text(json, "reason"));
        }
        default -> throw new StrictJson.Malformed("unknown outcome");
      };
    } catch (ArithmeticException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new StrictJson.Malformed("an outcome has a field of the wrong form");
    }
  }

  private static Outcome signed(ObjectNode json, String requestId) {
    var signatures = new ArrayList<Outcome.Signature>();
    for (var item : json.withArray("signatures")) {
      if (!(item instanceof ObjectNode signature)) {
        throw new StrictJson.Malformed("a signature must be an object");
      }
      StrictJson.expect(
          signature,
          "a signature",
          Set.of("input", "publicKey", "message", "signature"),
          Set.of("r", "s", "der", "recoveryId", "v"));
      signatures.add(
          new Outcome.Signature(
              Math.toIntExact(StrictJson.integer(signature, "input")),
              HEX.parseHex(StrictJson.text(signature, "publicKey")),
              HEX.parseHex(StrictJson.text(signature, "message")),
              HEX.parseHex(StrictJson.text(signature, "signature")),
              recovery(signature)));
    }
    var schemeLabel = StrictJson.text(json, "scheme");
    var scheme =
        Arrays.stream(Scheme.values())
            .filter(s -> s.label().equals(schemeLabel))
            .findFirst()
            .orElseThrow(() -> new StrictJson.Malformed("unknown scheme"));
    return new Outcome.Signed(
        requestId,
        new KeyId(StrictJson.text(json, "keyId")),
        scheme,
        signatures,
        json.has("signedTransaction")
            ? Optional.of(Base64.getDecoder().decode(StrictJson.text(json, "signedTransaction")))
            : Optional.empty());
  }

  private static void expect(ObjectNode json, Set<String> required, Set<String> optional) {
    var all = new java.util.HashSet<>(required);
    all.add("requestId");
    all.add("outcome");
    StrictJson.expect(json, "an outcome", all, optional);
  }
}
