package io.sharekeep.appliance.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sharekeep.appliance.FakeCommittee;
import io.sharekeep.appliance.Initiator;
import io.sharekeep.appliance.peer.StepCodec;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.SignedRequests;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The description and the routes are the same thing, both ways; live answers fit their schema. */
class OpenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode document() throws Exception {
    return new YAMLMapper().readTree(Routes.openApi().body());
  }

  @Test
  void everyRouteIsDescribedAndEveryDescriptionIsARoute() throws Exception {
    try (var committee = new FakeCommittee(2, 2)) {
      var node = committee.node(1);
      var routes =
          new Routes(node.enclave, node.coordinator, new StepCodec(1024), new Drain(), "test")
              .all();
      var served = new TreeMap<String, String>();
      for (var route : routes) {
        var listener =
            route.listeners().size() == 2
                ? "both"
                : route.listeners().iterator().next().name().toLowerCase(Locale.ROOT);
        served.put(
            route.method() + " " + route.path(), listener + " " + route.consumes().orElse("-"));
      }
      var described = new TreeMap<String, String>();
      document()
          .path("paths")
          .properties()
          .forEach(path ->
              path.getValue()
                  .properties()
                  .forEach(method -> {
                    var content = method.getValue().at("/requestBody/content");
                    described.put(
                        method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                        method.getValue().path("x-listener").asText()
                            + " "
                            + (content.isMissingNode() ? "-" : content.fieldNames().next()));
                  }));
      assertEquals(served, described);
    }
  }

  @Test
  void everyProblemIsDescribedAndEveryDescriptionIsAProblem() throws Exception {
    var described = new TreeMap<String, Integer>();
    document()
        .path("x-problems")
        .properties()
        .forEach(p -> described.put(p.getKey(), p.getValue().asInt()));
    assertEquals(Problem.catalogue(), described);
  }

  @Test
  void liveAnswersFitTheirSchemas() throws Exception {
    try (var committee = new FakeCommittee(2, 2)) {
      var node = committee.node(1);
      var schemas = document().at("/components/schemas");
      var signed =
          committee.post(
              node,
              "/v1/sign-requests",
              committee.initiator.signJson("o1", Initiator.KEY, new byte[] {1}));
      fits(schemas, "Outcome", JSON.readTree(signed.body()));
      var sent = JSON.readTree(committee.initiator.signJson("o2", Initiator.KEY, new byte[] {1}));
      fits(schemas, "SignBody", sent);
      var key = new KeyId("56".repeat(16));
      var keygen = committee.initiator.generateJson("o3", key);
      fits(schemas, "KeygenBody", JSON.readTree(keygen));
      var generated = committee.post(node, "/v1/keygen", keygen);
      fits(schemas, "Outcome", JSON.readTree(generated.body()));
      fits(schemas, "Key", JSON.readTree(committee.get(node, "/v1/keys/" + key.hex()).body()));
      var rekey = JSON.createObjectNode();
      var signedPair = JSON.readTree(SignedRequests.toJson(committee.initiator.rekey("o4", key)));
      rekey.set("request", signedPair);
      rekey.set("second", signedPair);
      fits(schemas, "PairRekeyBody", rekey);
      var rekeyed = committee.post(node, "/v1/pair-rekeys", rekey.toString());
      fits(schemas, "Outcome", JSON.readTree(rekeyed.body()));
      var pairs = committee.get(node, "/v1/keys/" + key.hex() + "/pairs");
      fits(schemas, "Pair", JSON.readTree(pairs.body()).at("/pairs/0"));
      var derived = committee.get(node, "/v1/keys/" + key.hex() + "/derived/m%2F1");
      fits(schemas, "DerivedKey", JSON.readTree(derived.body()));
      fits(schemas, "Status", JSON.readTree(committee.get(node, "/v1/status").body()));
      var cancelled = committee.post(node, "/v1/policy/cancel", "{\"statement\": {}}");
      fits(schemas, "PendingPolicy", JSON.readTree(cancelled.body()));
      fits(schemas, "Problem", JSON.readTree(committee.get(node, "/v1/nothing").body()));
      var served = committee.get(node, "/v1/openapi");
      assertEquals(new String(Routes.openApi().body(), UTF_8), served.body());
    }
  }

  /** Types, required and unknown fields, patterns, constants: all that the document uses. */
  private static void fits(JsonNode schemas, String name, JsonNode value) {
    fits(schemas, schemas.path(name), value, name);
  }

  private static void fits(JsonNode schemas, JsonNode schema, JsonNode value, String where) {
    if (schema.has("$ref")) {
      var reference = schema.path("$ref").asText();
      fits(
          schemas, schemas.path(reference.substring(reference.lastIndexOf('/') + 1)), value, where);
      return;
    }
    switch (schema.path("type").asText()) {
      case "object" -> assertTrue(value.isObject(), where);
      case "array" -> assertTrue(value.isArray(), where);
      case "integer" -> assertTrue(value.isIntegralNumber(), where);
      case "string" -> assertTrue(value.isTextual(), where);
      default -> assertTrue(schema.has("enum") || schema.has("const"), where + " has no type");
    }
    if (schema.has("pattern")) {
      assertTrue(
          Pattern.compile(schema.path("pattern").asText()).matcher(value.asText()).find(), where);
    }
    if (schema.has("const")) {
      assertEquals(schema.path("const"), value, where);
    }
    if (schema.has("enum")) {
      var allowed = new TreeSet<String>();
      schema.path("enum").forEach(v -> allowed.add(v.asText()));
      assertTrue(allowed.contains(value.asText()), where + ": " + value);
    }
    schema.path("required").forEach(f -> assertTrue(value.has(f.asText()), where + "." + f));
    if (value.isObject()) {
      value
          .properties()
          .forEach(field -> {
            var property = schema.path("properties").path(field.getKey());
            if (!property.isMissingNode()) {
              fits(schemas, property, field.getValue(), where + "." + field.getKey());
            } else {
              var more = schema.path("additionalProperties");
              assertTrue(
                  more.isObject() || (more.isMissingNode() && !schema.has("properties")),
                  where + "." + field.getKey() + " is not described");
            }
          });
    }
    if (value.isArray()) {
      value.forEach(item -> fits(schemas, schema.path("items"), item, where + "[]"));
    }
  }
}
