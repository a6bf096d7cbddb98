package io.sharekeep.cbor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A map or array with a fixed schema, read field by field. The fields of an array are numbered from
 * 0. A schema is a function that asks for every field it knows and builds a value from them:
 *
 * {@snippet :
 * Parsed<Opening> opening =
 *     CborFields.read(item, f -> new Opening(f.bytes(1, 32), f.uint(2, 1, 65535)));
 * }
 *
 * <p>A field that is missing, of another type or out of bounds, and one that the schema did not ask
 * for, make the whole {@link Parsed.Malformed}; the getters never return a made-up value. A schema
 * must not catch what they throw.
 */
public final class CborFields {
  private final String where;
  private final SortedMap<Long, Cbor> entries;

  /**
   * The keys that were asked for: 0..63 as bits, which is all of them as a rule, and the others.
   */
  private long askedLow;

  private final Set<Long> askedElse = new HashSet<>();

  private CborFields(String where, SortedMap<Long, Cbor> entries) {
    this.where = where;
    this.entries = entries;
  }

  /** Applies the schema to a map or an array. */
  public static <T> Parsed<T> read(Cbor item, Function<CborFields, T> schema) {
    try {
      return new Parsed.Valid<>(nested("", item, schema));
    } catch (Mismatch mismatch) {
      return new Parsed.Malformed<>(mismatch.reason);
    }
  }

  /** Whether an optional field is there. It counts as asked for only when it is then read. */
  public boolean has(long key) {
    return entries.containsKey(key);
  }

  /** {@code optional(14, f -> f.bytes(14, 1, 512))}: read if it is there. */
  public <T> Optional<T> optional(long key, Function<CborFields, T> getter) {
    return has(key) ? Optional.of(getter.apply(this)) : Optional.empty();
  }

  /** Any item, unchecked. */
  public Cbor item(long key) {
    if (isLow(key)) {
      askedLow |= 1L << key;
    } else {
      askedElse.add(key);
    }
    var item = entries.get(key);
    if (item == null) {
      throw mismatch(key, "is missing");
    }
    return item;
  }

  /** 0..2^63-1. */
  public long uint(long key) {
    return uint(key, 0, Long.MAX_VALUE);
  }

  /** Both bounds included. */
  public long uint(long key, long min, long max) {
    return asUint(key, item(key), min, max);
  }

  /** {@link #uint(long, long, long)} for what fits an int. */
  public int uint32(long key, int min, int max) {
    return (int) uint(key, min, max);
  }

  /** Of either sign, both bounds included. */
  public long integer(long key, long min, long max) {
    var item = item(key);
    if (item instanceof Cbor.Unsigned(var value)) {
      return within(key, value, min, max);
    }
    if (item instanceof Cbor.Negative(var value)) {
      return within(key, value, min, max);
    }
    throw mismatch(key, "is not an integer");
  }

  public boolean bool(long key) {
    if (item(key) instanceof Cbor.Bool(var value)) {
      return value;
    }
    throw mismatch(key, "is not a boolean");
  }

  /** Exactly so many bytes. */
  public byte[] bytes(long key, int length) {
    return bytes(key, length, length);
  }

  /** Both bounds included. */
  public byte[] bytes(long key, int minLength, int maxLength) {
    return asBytes(key, item(key), minLength, maxLength);
  }

  /** Bounds count UTF-16 units, which are bytes in WIRE; both included. */
  public String text(long key, int minLength, int maxLength) {
    if (!(item(key) instanceof Cbor.Text(var value))) {
      throw mismatch(key, "is not text");
    }
    within(key, value.length(), minLength, maxLength);
    return value;
  }

  /** An array, its items unchecked; both bounds included. */
  public List<Cbor> list(long key, int minCount, int maxCount) {
    if (!(item(key) instanceof Cbor.Sequence(var items))) {
      throw mismatch(key, "is not an array");
    }
    within(key, items.size(), minCount, maxCount);
    return items;
  }

  /** An array of maps or arrays, each read with the schema. */
  public <T> List<T> list(long key, int minCount, int maxCount, Function<CborFields, T> schema) {
    var items = list(key, minCount, maxCount);
    var values = new ArrayList<T>(items.size());
    for (var item : items) {
      values.add(nested(path(key) + "[" + values.size() + "].", item, schema));
    }
    return List.copyOf(values);
  }

  /** An array of integers, each within the bounds. */
  public List<Long> uints(long key, int minCount, int maxCount, long min, long max) {
    return list(key, minCount, maxCount).stream().map(i -> asUint(key, i, min, max)).toList();
  }

  /** An array of byte strings, each exactly so long. */
  public List<byte[]> byteStrings(long key, int minCount, int maxCount, int length) {
    return list(key, minCount, maxCount).stream()
        .map(i -> asBytes(key, i, length, length))
        .toList();
  }

  /** A map or array in this one. */
  public <T> T nested(long key, Function<CborFields, T> schema) {
    return nested(path(key) + ".", item(key), schema);
  }

  /** A map with text keys, or an empty one, its items unchecked. */
  public SortedMap<String, Cbor> dictionary(long key) {
    var item = item(key);
    if (item instanceof Cbor.Dictionary(var named)) {
      return named;
    }
    if (item instanceof Cbor.Mapping(var numbered) && numbered.isEmpty()) {
      return new TreeMap<>();
    }
    throw mismatch(key, "is not a map with text keys");
  }

  /** How many fields there are: of an array, its length. */
  public int size() {
    return entries.size();
  }

  /** For what a schema checks by itself: the document is malformed unless {@code holds}. */
  public void require(boolean holds, long key, String otherwise) {
    if (!holds) {
      throw mismatch(key, otherwise);
    }
  }

  /** A field's decoded value; the document is malformed if the decoder refused it. */
  public <T> T require(Optional<T> decoded, long key, String otherwise) {
    return decoded.orElseThrow(() -> mismatch(key, otherwise));
  }

  private static <T> T nested(String where, Cbor item, Function<CborFields, T> schema) {
    var fields = new CborFields(where, numbered(where, item));
    var value = schema.apply(fields);
    for (long key : fields.entries.keySet()) {
      if (!fields.asked(key)) {
        throw fields.mismatch(key, "is not known");
      }
    }
    return value;
  }

  private static SortedMap<Long, Cbor> numbered(String where, Cbor item) {
    if (item instanceof Cbor.Mapping(var entries)) {
      return entries;
    }
    if (!(item instanceof Cbor.Sequence(var items))) {
      throw new Mismatch("item " + where + " is neither a map nor an array");
    }
    var entries = new TreeMap<Long, Cbor>();
    for (int i = 0; i < items.size(); i++) {
      entries.put((long) i, items.get(i));
    }
    return entries;
  }

  private long asUint(long key, Cbor item, long min, long max) {
    if (!(item instanceof Cbor.Unsigned(var value))) {
      throw mismatch(key, "is not an unsigned integer");
    }
    return within(key, value, min, max);
  }

  private byte[] asBytes(long key, Cbor item, int minLength, int maxLength) {
    if (!(item instanceof Cbor.Bytes bytes)) {
      throw mismatch(key, "is not a byte string");
    }
    within(key, bytes.length(), minLength, maxLength);
    return bytes.value();
  }

  private long within(long key, long value, long min, long max) {
    if (value < min || value > max) {
      throw mismatch(key, "is not within " + min + ".." + max);
    }
    return value;
  }

  private boolean asked(long key) {
    return isLow(key) ? (askedLow >>> key & 1) == 1 : askedElse.contains(key);
  }

  private static boolean isLow(long key) {
    return key >= 0 && key < Long.SIZE;
  }

  private String path(long key) {
    return where + key;
  }

  private Mismatch mismatch(long key, String rule) {
    return new Mismatch("field " + path(key) + " " + rule);
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
