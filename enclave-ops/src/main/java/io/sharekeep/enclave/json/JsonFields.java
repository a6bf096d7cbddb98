package io.sharekeep.enclave.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Takes the fields of one object, each exactly once, and in the end refuses what nobody took. Every
 * complaint names the field by its path.
 */
public final class JsonFields {
  private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2})*");
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");

  private final ObjectNode object;
  private final String path;
  private final Set<String> taken = new HashSet<>();

  private JsonFields(ObjectNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /**
   * Reads an object whole: {@code reader} takes the fields, and any that it left is refused.
   *
   * @param path how complaints name the object, such as {@code request}
   */
  public static <T> T read(ObjectNode object, String path, Reader<T> reader) {
    var fields = new JsonFields(object, path);
    T result = reader.read(fields);
    for (String name : (Iterable<String>) object::fieldNames) {
      if (!fields.taken.contains(name)) {
        throw new MalformedJson(
            fields.name(printable(name)), "unknown field " + fields.name(printable(name)));
      }
    }
    return result;
  }

  /** Makes one object of its fields. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(JsonFields fields);
  }

  /** Printable ASCII of 1..{@code max} characters. */
  public String text(String field, int max) {
    return text(name(field), required(field), max);
  }

  /** As {@link #text}, and matching {@code pattern}; {@code what} says what was expected. */
  public String text(String field, int max, Pattern pattern, String what) {
    String value = text(field, max);
    if (!pattern.matcher(value).matches()) {
      throw new MalformedJson(name(field), name(field) + " must be " + what);
    }
    return value;
  }

  public Optional<String> optionalText(String field, int max) {
    return optional(field).map(node -> text(name(field), node, max));
  }

  /** Whether the field is there, whatever it holds; it still is to be taken. */
  public boolean has(String field) {
    return object.has(field);
  }

  /** How complaints name a field of this object. */
  public String at(String field) {
    return name(field);
  }

  public Optional<Integer> optionalInteger(String field, int min, int max) {
    return optional(field).map(node -> integer(name(field), node, min, max));
  }

  /** True or false; {@code absent} where the field is not there. */
  public boolean flag(String field, boolean absent) {
    var node = optional(field);
    if (node.isEmpty()) {
      return absent;
    }
    if (!node.get().isBoolean()) {
      throw new MalformedJson(name(field), name(field) + " must be true or false");
    }
    return node.get().booleanValue();
  }

  public <T> Optional<T> optionalObject(String field, Reader<T> reader) {
    return optional(field).map(node -> read(objectNode(name(field), node), name(field), reader));
  }

  /** A string, or a list of strings without repetition; absent counts as empty. */
  public List<String> oneOrMore(String field, int maxItems, int maxLength) {
    var node = optional(field);
    return node.isPresent() && node.get().isTextual()
        ? List.of(text(name(field), node.get(), maxLength))
        : textList(field, maxItems, maxLength);
  }

  /** Lower-case hex of min..max bytes. */
  public byte[] hex(String field, int min, int max) {
    String value = text(field, max * 2);
    if (!HEX.matcher(value).matches() || value.length() < min * 2) {
      throw new MalformedJson(
          name(field),
          name(field)
              + " must be lower-case hex of "
              + (min == max ? min + " bytes" : min + " to " + max + " bytes"));
    }
    return HexFormat.of().parseHex(value);
  }

  public int integer(String field, int min, int max) {
    return integer(name(field), required(field), min, max);
  }

  /** RFC 3339, UTC, written exactly as {@link Instant#toString} writes it. */
  public Instant instant(String field) {
    String value = text(field, 40);
    try {
      var instant = Instant.parse(value);
      if (instant.toString().equals(value)) {
        return instant;
      }
    } catch (DateTimeParseException e) {
      // Said below, once for both ways of being wrong.
    }
    throw new MalformedJson(
        name(field), name(field) + " must be a UTC time such as 2027-01-31T12:00:00Z");
  }

  /** A member object as it is, for a reader of its own. */
  public ObjectNode raw(String field) {
    return objectNode(name(field), required(field));
  }

  public <T> T object(String field, Reader<T> reader) {
    return read(objectNode(name(field), required(field)), name(field), reader);
  }

  /** An object with free keys, each 1..64 printable characters; absent counts as empty. */
  public <T> Map<String, T> map(String field, int max, BiFunction<JsonNode, String, T> value) {
    var result = new TreeMap<String, T>();
    optional(field)
        .ifPresent(node -> {
          var members = objectNode(name(field), node);
          if (members.size() > max) {
            throw new MalformedJson(
                name(field), name(field) + " has more than " + max + " members");
          }
          members.forEachEntry((key, member) -> {
            if (key.isEmpty() || key.length() > 64 || !PRINTABLE.matcher(key).matches()) {
              throw new MalformedJson(
                  name(field), "a name in " + name(field) + " is not 1 to 64 printable characters");
            }
            result.put(key, value.apply(member, name(field) + "." + key));
          });
        });
    return result;
  }

  /** A map of strings. */
  public Map<String, String> texts(String field, int maxMembers, int maxLength) {
    return map(field, maxMembers, (node, path) -> text(path, node, maxLength));
  }

  /** A map of objects. */
  public <T> Map<String, T> objects(String field, int maxMembers, Reader<T> reader) {
    return map(field, maxMembers, (node, path) -> read(objectNode(path, node), path, reader));
  }

  /** A list of strings, without repetition. */
  public List<String> textList(String field, int maxItems, int maxLength) {
    var result = new ArrayList<String>();
    var seen = new HashSet<String>();
    for (var item : array(field, maxItems)) {
      String value = text(name(field), item, maxLength);
      if (!seen.add(value)) {
        throw new MalformedJson(name(field), name(field) + " names one thing twice");
      }
      result.add(value);
    }
    return result;
  }

  /** A list of integers. */
  public List<Integer> integerList(String field, int maxItems, int min, int max) {
    var result = new ArrayList<Integer>();
    for (var item : array(field, maxItems)) {
      result.add(integer(name(field), item, min, max));
    }
    return result;
  }

  /** A list of objects; absent counts as empty. */
  public <T> List<T> objectList(String field, int maxItems, Reader<T> reader) {
    var result = new ArrayList<T>();
    for (var item : array(field, maxItems)) {
      String path = name(field) + "[" + result.size() + "]";
      result.add(read(objectNode(path, item), path, reader));
    }
    return result;
  }

  private ArrayNode array(String field, int maxItems) {
    var node = optional(field);
    if (node.isEmpty()) {
      return object.arrayNode();
    }
    if (!(node.get() instanceof ArrayNode array)) {
      throw new MalformedJson(name(field), name(field) + " must be a list");
    }
    if (array.size() > maxItems) {
      throw new MalformedJson(name(field), name(field) + " has more than " + maxItems + " items");
    }
    return array;
  }

  private String text(String where, JsonNode node, int max) {
    if (!node.isTextual()) {
      throw new MalformedJson(where, where + " must be a string");
    }
    String value = node.textValue();
    if (value.isEmpty() || value.length() > max) {
      throw new MalformedJson(where, where + " must have 1 to " + max + " characters");
    }
    if (!PRINTABLE.matcher(value).matches()) {
      throw new MalformedJson(where, where + " must be printable ASCII");
    }
    return value;
  }

  private int integer(String where, JsonNode node, int min, int max) {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw new MalformedJson(where, where + " must be an integer");
    }
    int value = node.intValue();
    if (value < min || value > max) {
      throw new MalformedJson(where, where + " must be " + min + " to " + max);
    }
    return value;
  }

  private ObjectNode objectNode(String where, JsonNode node) {
    if (!(node instanceof ObjectNode members)) {
      throw new MalformedJson(where, where + " must be an object");
    }
    return members;
  }

  private JsonNode required(String field) {
    return optional(field)
        .orElseThrow(() -> new MalformedJson(name(field), "missing field " + name(field)));
  }

  private Optional<JsonNode> optional(String field) {
    taken.add(field);
    return Optional.ofNullable(object.get(field));
  }

  private String name(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private static String printable(String text) {
    String shown = text.length() > 64 ? text.substring(0, 64) : text;
    return PRINTABLE.matcher(shown).matches() ? shown : "(unprintable)";
  }
}
