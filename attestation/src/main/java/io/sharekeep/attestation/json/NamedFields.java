package io.sharekeep.attestation.json;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.Parsed;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A map with names and a fixed schema, read field by field; complaints name the field by its path.
 * A field that is missing, of another type or out of bounds, and one that the schema did not ask
 * for, make the whole {@link Parsed.Malformed}. A schema must not catch what the getters throw.
 */
public final class NamedFields {
  private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2})*");

  private final SortedMap<String, Cbor> entries;
  private final String path;
  private final Set<String> asked = new HashSet<>();

  private NamedFields(SortedMap<String, Cbor> entries, String path) {
    this.entries = entries;
    this.path = path;
  }

  /** Applies the schema to a map. */
  public static <T> Parsed<T> read(Cbor item, Function<NamedFields, T> schema) {
    try {
      return new Parsed.Valid<>(within("", item, schema));
    } catch (Mismatch mismatch) {
      return new Parsed.Malformed<>(mismatch.reason);
    }
  }

  /**
   * As {@link #read}, inside the schema of something larger.
   *
   * @throws Mismatch for {@link #catching} to turn into a value
   */
  public static <T> T within(String path, Cbor item, Function<NamedFields, T> schema) {
    var fields = new NamedFields(named(path, item), path);
    var value = schema.apply(fields);
    for (String name : fields.entries.keySet()) {
      if (!fields.asked.contains(name)) {
        throw new Mismatch(fields.at(printable(name)) + " is not known");
      }
    }
    return value;
  }

  /** Turns a complaint from anywhere inside {@code reader} into a value. */
  public static <T> Parsed<T> catching(java.util.function.Supplier<Parsed<T>> reader) {
    try {
      return reader.get();
    } catch (Mismatch mismatch) {
      return new Parsed.Malformed<>(mismatch.reason);
    }
  }

  /** The value, or a complaint that {@link #catching} turns into a value again. */
  public static <T> T valued(String path, Parsed<T> parsed) {
    return switch (parsed) {
      case Parsed.Valid<T>(var value) -> value;
      case Parsed.Malformed<T>(var reason) -> throw new Mismatch(path + ": " + reason);
    };
  }

  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** {@code optional("ekm", f -> f.octets("ekm", 32, 32))}: read if it is there. */
  public <T> Optional<T> optional(String name, Function<NamedFields, T> getter) {
    return has(name) ? Optional.of(getter.apply(this)) : Optional.empty();
  }

  /** Any item, unchecked. */
  public Cbor item(String name) {
    asked.add(name);
    var item = entries.get(name);
    if (item == null) {
      throw mismatch(name, "is missing");
    }
    return item;
  }

  /** Printable text; the bounds count UTF-16 units, both included. */
  public String text(String name, int min, int max) {
    return asText(at(name), item(name), min, max);
  }

  /** One of the constants, by its name in lower case with {@code -} or {@code _} between words. */
  public <E extends Enum<E>> E choice(String name, Class<E> type, Function<E, String> label) {
    var text = text(name, 1, 64);
    var constants = List.of(type.getEnumConstants());
    return constants.stream()
        .filter(constant -> label.apply(constant).equals(text))
        .findFirst()
        .orElseThrow(
            () -> mismatch(name, "is not one of " + constants.stream().map(label).toList()));
  }

  public boolean bool(String name) {
    if (item(name) instanceof Cbor.Bool(var value)) {
      return value;
    }
    throw mismatch(name, "is neither true nor false");
  }

  public boolean flag(String name, boolean absent) {
    return has(name) ? bool(name) : absent;
  }

  /** Both bounds included. */
  public long integer(String name, long min, long max) {
    return asInteger(at(name), item(name), min, max);
  }

  /** A byte string of CBOR; both bounds included. */
  public Octets octets(String name, int min, int max) {
    return asOctets(at(name), item(name), min, max);
  }

  /** A byte string written in JSON as lower-case hex; both bounds count bytes. */
  public Octets hex(String name, int min, int max) {
    return asHex(at(name), item(name), min, max);
  }

  /** Lower-case hex, each of exactly so many bytes; absent counts as empty. */
  public List<Octets> hexes(String name, int maxCount, int length) {
    return has(name)
        ? list(name, 0, maxCount, (path, item) -> asHex(path, item, length, length))
        : List.of();
  }

  /** A byte string written in JSON as standard base64. */
  public Octets base64(String name, int max) {
    var text = text(name, 1, (max + 2) / 3 * 4);
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length <= max && Base64.getEncoder().encodeToString(bytes).equals(text)) {
        return new Octets(bytes);
      }
    } catch (IllegalArgumentException e) {
      // Said below, once for all ways of being wrong.
    }
    throw mismatch(name, "is not base64 of at most " + max + " bytes");
  }

  /** Texts without repetition; absent counts as empty. */
  public List<String> texts(String name, int maxCount, int maxLength) {
    return has(name) ? distinct(name, maxCount, maxLength) : List.of();
  }

  private List<String> distinct(String name, int maxCount, int maxLength) {
    var texts = list(name, 0, maxCount, (path, item) -> asText(path, item, 1, maxLength));
    if (new HashSet<>(texts).size() != texts.size()) {
      throw mismatch(name, "names one thing twice");
    }
    return texts;
  }

  /** An array, each item read by {@code reader}, which is told the item's path. */
  public <T> List<T> list(String name, int min, int max, ItemReader<T> reader) {
    if (!(item(name) instanceof Cbor.Sequence(var items))) {
      throw mismatch(name, "is no list");
    }
    if (items.size() < min || items.size() > max) {
      throw mismatch(name, "does not have " + min + " to " + max + " items");
    }
    var values = new ArrayList<T>(items.size());
    for (var item : items) {
      values.add(reader.read(at(name) + "[" + values.size() + "]", item));
    }
    return List.copyOf(values);
  }

  /** An array of maps. */
  public <T> List<T> maps(String name, int min, int max, Function<NamedFields, T> schema) {
    return list(name, min, max, (path, item) -> within(path, item, schema));
  }

  /** A map in this one. */
  public <T> T map(String name, Function<NamedFields, T> schema) {
    return within(at(name), item(name), schema);
  }

  /** A map with free names, each read by {@code reader}; absent counts as empty. */
  public <T> Map<String, T> free(String name, int max, ItemReader<T> reader) {
    if (!has(name)) {
      return Map.of();
    }
    var members = named(at(name), item(name));
    if (members.size() > max) {
      throw mismatch(name, "has more than " + max + " members");
    }
    var values = new LinkedHashMap<String, T>();
    members.forEach(
        (key, item) -> values.put(key, reader.read(at(name) + "." + printable(key), item)));
    return values;
  }

  /** Reads one item of a list or one member of a map. */
  @FunctionalInterface
  public interface ItemReader<T> {
    T read(String path, Cbor item);
  }

  /** For what a schema checks by itself: the document is malformed unless {@code holds}. */
  public void require(boolean holds, String name, String otherwise) {
    if (!holds) {
      throw mismatch(name, otherwise);
    }
  }

  /** A field's decoded value; the document is malformed if the decoder refused it. */
  public <T> T require(Optional<T> decoded, String name, String otherwise) {
    return decoded.orElseThrow(() -> mismatch(name, otherwise));
  }

  /** How complaints name a field of this map. */
  public String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  public static String asText(String path, Cbor item, int min, int max) {
    if (!(item instanceof Cbor.Text(var value))) {
      throw new Mismatch(path + " is no text");
    }
    if (value.length() < min || value.length() > max) {
      throw new Mismatch(path + " does not have " + min + " to " + max + " characters");
    }
    if (!value.chars().allMatch(c -> c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0))) {
      throw new Mismatch(path + " holds a control character");
    }
    return value;
  }

  public static long asInteger(String path, Cbor item, long min, long max) {
    long value =
        switch (item) {
          case Cbor.Unsigned(var positive) -> positive;
          case Cbor.Negative(var negative) -> negative;
          case Cbor.Bytes _,
              Cbor.Text _,
              Cbor.Bool _,
              Cbor.Null _,
              Cbor.Sequence _,
              Cbor.Mapping _,
              Cbor.Dictionary _,
              Cbor.Tag _ ->
              throw new Mismatch(path + " is no integer");
        };
    if (value < min || value > max) {
      throw new Mismatch(path + " is not within " + min + " to " + max);
    }
    return value;
  }

  public static Octets asOctets(String path, Cbor item, int min, int max) {
    if (!(item instanceof Cbor.Bytes bytes)) {
      throw new Mismatch(path + " is no byte string");
    }
    return sized(path, bytes.value(), min, max);
  }

  public static Octets asHex(String path, Cbor item, int min, int max) {
    if (!(item instanceof Cbor.Text(var text)) || !HEX.matcher(text).matches()) {
      throw new Mismatch(path + " is no lower-case hex");
    }
    return sized(path, Octets.hex(text).value(), min, max);
  }

  private static Octets sized(String path, byte[] value, int min, int max) {
    if (value.length < min || value.length > max) {
      throw new Mismatch(
          path + " does not have " + (min == max ? "" + min : min + " to " + max) + " bytes");
    }
    return new Octets(value);
  }

  private static SortedMap<String, Cbor> named(String path, Cbor item) {
    if (item instanceof Cbor.Dictionary(var entries)) {
      return entries;
    }
    if (item instanceof Cbor.Mapping(var numbered) && numbered.isEmpty()) {
      return new TreeMap<>();
    }
    throw new Mismatch((path.isEmpty() ? "the document" : path) + " is no map with names");
  }

  private static String printable(String name) {
    var shown = name.length() > 40 ? name.substring(0, 40) : name;
    return shown.chars().allMatch(c -> c >= 0x20 && c < 0x7f) ? shown : "(unprintable)";
  }

  private Mismatch mismatch(String name, String rule) {
    return new Mismatch(at(name) + " " + rule);
  }

  /** Carries a reason from a getter to {@link #read}, past the schema. */
  private static final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    Mismatch(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }
}
