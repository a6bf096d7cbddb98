package io.sharekeep.appliance.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/** JSON as it is accepted: one object, no duplicate field, no unknown field, nothing behind it. */
public final class StrictJson {
  private static final int MAX_DEPTH = 16;

  private static final ObjectReader READER =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(16 * 1024 * 1024)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .reader();

  private StrictJson() {}

  /** Thrown for what is not such JSON; its message is for the one who sent it. */
  public static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The object, with exactly the fields named in {@code required} and perhaps some of {@code
   * optional}.
   *
   * @throws Malformed if it is anything else
   */
  public static ObjectNode object(byte[] json, Set<String> required, Set<String> optional) {
    var object = parse(json);
    expect(object, "the body", required, optional);
    return object;
  }

  static ObjectNode parse(byte[] json) {
    try {
      if (READER.readTree(json) instanceof ObjectNode object) {
        return object;
      }
      throw new Malformed("the body must be one JSON object");
    } catch (JacksonException e) {
      // The original message without the source excerpt, which could quote a payload.
      throw new Malformed("the body is not valid JSON" + place(e) + ": " + reason(e));
    } catch (IOException e) {
      throw new Malformed("the body is not valid JSON");
    }
  }

  /** The text of a field. */
  public static String text(ObjectNode object, String field) {
    var node = object.get(field);
    if (node == null || !node.isTextual()) {
      throw new Malformed("field " + field + " must be a string");
    }
    return node.textValue();
  }

  /** The object in a field. */
  public static ObjectNode child(ObjectNode object, String field) {
    if (object.get(field) instanceof ObjectNode child) {
      return child;
    }
    throw new Malformed("field " + field + " must be an object");
  }

  /** The whole number in a field. */
  public static long integer(ObjectNode object, String field) {
    var node = object.get(field);
    if (node == null || !node.isIntegralNumber() || !node.canConvertToLong()) {
      throw new Malformed("field " + field + " must be an integer");
    }
    return node.longValue();
  }

  static void expect(ObjectNode object, String what, Set<String> required, Set<String> optional) {
    var missing = new TreeSet<>(required);
    var unknown = new TreeSet<String>();
    object
        .fieldNames()
        .forEachRemaining(name -> {
          if (!missing.remove(name) && !optional.contains(name)) {
            unknown.add(printable(name));
          }
        });
    if (!unknown.isEmpty()) {
      throw new Malformed(what + " has unknown fields " + unknown);
    }
    if (!missing.isEmpty()) {
      throw new Malformed(what + " lacks the fields " + missing);
    }
  }

  private static String place(JacksonException e) {
    var location = e.getLocation();
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static String reason(JacksonException e) {
    var message = e.getOriginalMessage();
    return message != null && message.startsWith("Duplicate field")
        ? printable(message)
        : "syntax error, nested too deeply, or more than one value";
  }

  private static String printable(String text) {
    var clean = text.replaceAll("[^\\x20-\\x7e]", "?");
    return clean.length() <= 80 ? clean : clean.substring(0, 80) + "…";
  }
}
