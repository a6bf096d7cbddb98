package io.sharekeep.enclave.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Reads a JSON object without mercy: no duplicate key, no second value, no depth, no size. */
public final class StrictJson {
  /** The bounds on a call's arguments in a rule of a signed policy lie deepest. */
  private static final int MAX_DEPTH = 12;

  private static final int MAX_STRING = 512 * 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(MAX_STRING)
                          .maxNumberLength(20)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * Reads one object.
   *
   * @throws MalformedJson if these bytes are not exactly one JSON object
   */
  public static ObjectNode object(byte[] json) {
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new MalformedJson(
          "not valid JSON"
              + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr())
              + duplicate(e));
    } catch (IOException e) {
      throw new MalformedJson("not valid JSON");
    }
    if (!(node instanceof ObjectNode object)) {
      throw new MalformedJson("a JSON object was expected");
    }
    return object;
  }

  /** Jackson's text may quote the input; only the fact of a duplicate is passed on. */
  private static String duplicate(JsonProcessingException e) {
    return String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field")
        ? ": a field appears twice"
        : "";
  }
}
