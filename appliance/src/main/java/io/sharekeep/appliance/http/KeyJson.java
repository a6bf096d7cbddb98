package io.sharekeep.appliance.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Scheme;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A key's description as JSON, written and read back. */
public final class KeyJson {
  private static final Set<String> REQUIRED =
      Set.of(
          "id",
          "label",
          "scheme",
          "stage",
          "epoch",
          "threshold",
          "points",
          "committee",
          "purposes",
          "publicKey",
          "created");

  private KeyJson() {}

  private static SortedMap<String, String> addresses(ObjectNode json) {
    var addresses = new TreeMap<String, String>();
    if (json.has("addresses")) {
      var read = StrictJson.child(json, "addresses");
      read.fieldNames()
          .forEachRemaining(purpose -> addresses.put(purpose, StrictJson.text(read, purpose)));
    }
    return addresses;
  }

  /** {@code points} maps each evaluation point to the party that owns it. */
  public static ObjectNode of(KeyDescription key) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("id", key.id().hex());
    json.put("label", key.label());
    json.put("scheme", key.scheme().label());
    json.put("stage", key.stage().name().toLowerCase(Locale.ROOT));
    json.put("epoch", key.epoch());
    json.put("threshold", key.threshold());
    var points = json.putObject("points");
    new TreeMap<>(key.points()).forEach((point, party) -> points.put(point.toString(), party));
    json.put("committee", key.committee());
    var purposes = json.putArray("purposes");
    new TreeSet<>(key.purposes()).forEach(purposes::add);
    json.put("publicKey", key.publicKeyHex());
    key.address().ifPresent(address -> json.put("address", address));
    if (!key.addresses().isEmpty()) {
      var addresses = json.putObject("addresses");
      key.addresses().forEach(addresses::put);
    }
    json.put("created", key.created().toString());
    return json;
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws StrictJson.Malformed if it is anything else
   */
  public static KeyDescription read(ObjectNode json) {
    StrictJson.expect(json, "a key", REQUIRED, Set.of("address", "addresses"));
    var points = new TreeMap<Integer, Integer>();
    var pointsJson = StrictJson.child(json, "points");
    try {
      pointsJson
          .fieldNames()
          .forEachRemaining(point ->
              points.put(
                  Integer.valueOf(point), Math.toIntExact(StrictJson.integer(pointsJson, point))));
      var purposes = new HashSet<String>();
      json.withArray("purposes").forEach(purpose -> purposes.add(purpose.asText()));
      var schemeLabel = StrictJson.text(json, "scheme");
      var scheme =
          Arrays.stream(Scheme.values())
              .filter(s -> s.label().equals(schemeLabel))
              .findFirst()
              .orElseThrow(() -> new StrictJson.Malformed("unknown scheme"));
      return new KeyDescription(
          new KeyId(StrictJson.text(json, "id")),
          StrictJson.text(json, "label"),
          scheme,
          KeyDescription.Stage.valueOf(StrictJson.text(json, "stage").toUpperCase(Locale.ROOT)),
          StrictJson.integer(json, "epoch"),
          Math.toIntExact(StrictJson.integer(json, "threshold")),
          points,
          StrictJson.text(json, "committee"),
          purposes,
          StrictJson.text(json, "publicKey"),
          addresses(json),
          Instant.parse(StrictJson.text(json, "created")));
    } catch (ArithmeticException
        | DateTimeException
        | IllegalArgumentException
        | UnsupportedOperationException e) {
      throw new StrictJson.Malformed("a key's description has a field of the wrong form");
    }
  }
}
