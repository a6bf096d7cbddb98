package io.sharekeep.enclave;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.threshold.wire.SessionContext;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The JSON form of request bodies, both ways. */
final class RequestJson {
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern PURPOSE = Pattern.compile("[a-z]{2,10}\\.[a-z]{2,12}");

  private RequestJson() {}

  static ObjectNode of(RequestBody body) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("committee", body.committee());
    json.put("keyId", body.keyId().hex());
    json.put("notAfter", body.notAfter().toString());
    json.put("requestId", body.requestId());
    switch (body) {
      case SignRequest sign -> {
        var expect = json.putObject("expect");
        new TreeMap<>(sign.expect()).forEach(expect::put);
        sign.path().ifPresent(path -> json.put("path", path));
        json.put("payloadSha256", sign.payloadSha256());
        json.put("purpose", sign.purpose());
      }
      case KeyRequest key -> {
        json.put("label", key.label());
        var purposes = json.putArray("purposes");
        new TreeSet<>(key.purposes()).forEach(purposes::add);
        json.put("scheme", key.scheme().label());
      }
      case PairRequest pair -> {
        json.put("generation", pair.generation());
        var parties = json.putArray("parties");
        pair.parties().forEach(parties::add);
      }
      case PresignRequest presign -> {
        json.put("coordinator", presign.coordinator());
        var parties = json.putArray("parties");
        presign.parties().forEach(parties::add);
      }
    }
    return json;
  }

  static SignRequest signRequest(JsonFields fields) {
    Map<String, String> expect = fields.texts("expect", 8, 256);
    Optional<String> path = fields.optionalText("path", 128);
    return new SignRequest(
        requestId(fields),
        committee(fields),
        keyId(fields),
        path,
        fields.text("purpose", 32, PURPOSE, "a purpose such as btc.tx"),
        fields.text("payloadSha256", 64, SHA256, "64 lower-case hex digits"),
        expect,
        fields.instant("notAfter"));
  }

  static KeyRequest keyRequest(JsonFields fields) {
    String scheme = fields.text("scheme", 32);
    return new KeyRequest(
        requestId(fields),
        committee(fields),
        keyId(fields),
        fields.text("label", 64),
        Scheme.find(scheme)
            .orElseThrow(() ->
                new MalformedJson(
                    "scheme must be one of "
                        + String.join(
                            ", ", Arrays.stream(Scheme.values()).map(Scheme::label).toList()))),
        Set.copyOf(fields.textList("purposes", 16, 32)),
        fields.instant("notAfter"));
  }

  static PairRequest pairRequest(JsonFields fields) {
    try {
      return new PairRequest(
          requestId(fields),
          committee(fields),
          keyId(fields),
          fields.integerList("parties", 2, 1, 65535),
          fields.integer("generation", 1, (int) SessionContext.MAX_GENERATION),
          fields.instant("notAfter"));
    } catch (IllegalArgumentException e) {
      throw new MalformedJson(String.valueOf(e.getMessage()));
    }
  }

  static PresignRequest presignRequest(JsonFields fields) {
    try {
      return new PresignRequest(
          requestId(fields),
          committee(fields),
          keyId(fields),
          fields.integerList("parties", SessionContext.MAX_PARTIES, 1, 65535),
          fields.integer("coordinator", 1, 65535),
          fields.instant("notAfter"));
    } catch (IllegalArgumentException e) {
      throw new MalformedJson(String.valueOf(e.getMessage()));
    }
  }

  private static String requestId(JsonFields fields) {
    return fields.text(
        "requestId", 64, REQUEST_ID, "1 to 64 letters, digits, dots, colons, dashes");
  }

  private static String committee(JsonFields fields) {
    return fields.text("committee", 64, SHA256, "the committee document's hash: 64 hex digits");
  }

  private static KeyId keyId(JsonFields fields) {
    return new KeyId(fields.text("keyId", 32, KEY_ID, "32 lower-case hex digits"));
  }
}
