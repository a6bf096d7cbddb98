package io.sharekeep.cbor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads untrusted bytes. Whatever they are, the answer is a value: nothing is thrown, nothing is
 * allocated beyond a small multiple of the input's length, and recursion is bounded by the profile.
 */
public final class CborDecoder {
  private final CborProfile profile;
  private final CborLimits limits;
  private final byte[] input;
  private int position;

  private CborDecoder(CborProfile profile, byte[] input, CborLimits limits) {
    this.profile = profile;
    this.limits = limits;
    this.input = input;
  }

  /** Exactly one item and nothing after it, in its canonical encoding. */
  public static Decoded decode(CborProfile profile, byte[] input, CborLimits limits) {
    if (input.length > limits.maxBytes()) {
      return new Decoded.Malformed("longer than " + limits.maxBytes() + " bytes", 0);
    }
    var decoder = new CborDecoder(profile, input, limits);
    try {
      var item = decoder.item(profile.maxDepth());
      if (decoder.position != input.length) {
        throw new Refused("bytes after the item", decoder.position);
      }
      // The parser is strict; this second opinion costs little and cannot share its mistakes.
      if (!Arrays.equals(CborEncoder.encode(profile, item), input)) {
        throw new Refused("not the canonical encoding", 0);
      }
      return new Decoded.Item(item);
    } catch (Refused refused) {
      return new Decoded.Malformed(refused.reason, refused.offset);
    }
  }

  /** {@link #decode} and then {@link CborFields#read}, for documents with a fixed schema. */
  public static <T> Parsed<T> parse(
      CborProfile profile, byte[] input, CborLimits limits, Function<CborFields, T> schema) {
    return switch (decode(profile, input, limits)) {
      case Decoded.Item(var item) -> CborFields.read(item, schema);
      case Decoded.Malformed(var reason, var offset) ->
          new Parsed.Malformed<>(reason + " at offset " + offset);
    };
  }

  private Cbor item(int depthLeft) throws Refused {
    int start = position;
    int initial = next();
    int major = initial >>> 5;
    return switch (major) {
      case CborEncoder.UNSIGNED -> new Cbor.Unsigned(argument(initial, start));
      case CborEncoder.NEGATIVE -> {
        admit(profile.admitsNegative(), "negative integer", start);
        yield new Cbor.Negative(~argument(initial, start));
      }
      case CborEncoder.BYTES -> {
        int length = length(initial, start);
        position += length;
        yield new Cbor.Bytes(Arrays.copyOfRange(input, position - length, position));
      }
      case CborEncoder.TEXT -> new Cbor.Text(text(initial, start));
      case CborEncoder.ARRAY -> sequence(initial, start, depthLeft);
      case CborEncoder.MAP -> map(initial, start, depthLeft);
      case CborEncoder.TAG -> {
        long number = argument(initial, start);
        admit(profile.admitsTag(number), "tag", start);
        enter(depthLeft, start);
        yield new Cbor.Tag(number, item(depthLeft - 1));
      }
      default -> simple(initial, start);
    };
  }

  private Cbor simple(int initial, int start) throws Refused {
    if (initial == CborEncoder.NULL) {
      admit(profile.admitsNull(), "null", start);
      return new Cbor.Null();
    }
    admit(
        initial == CborEncoder.TRUE || initial == CborEncoder.FALSE,
        "float, simple value or break",
        start);
    return new Cbor.Bool(initial == CborEncoder.TRUE);
  }

  private String text(int initial, int start) throws Refused {
    int length = length(initial, start);
    var text =
        Utf8.decode(input, position, length)
            .orElseThrow(() -> new Refused("text is not UTF-8", start));
    admit(profile.admitsUnicode() || Utf8.isAscii(text), "text beyond ASCII", start);
    position += length;
    return text;
  }

  private Cbor sequence(int initial, int start, int depthLeft) throws Refused {
    enter(depthLeft, start);
    int count = count(initial, start, 1);
    var items = new ArrayList<Cbor>(count);
    for (int i = 0; i < count; i++) {
      items.add(item(depthLeft - 1));
    }
    return new Cbor.Sequence(items);
  }

  private Cbor map(int initial, int start, int depthLeft) throws Refused {
    enter(depthLeft, start);
    int count = count(initial, start, 2);
    boolean named = count > 0 && position < input.length && majorAt(position) == CborEncoder.TEXT;
    if (named) {
      admit(profile.admitsNames(), "text key", position);
      var entries = new TreeMap<String, Cbor>(Cbor.NAME_ORDER);
      for (int i = 0; i < count; i++) {
        int at = position;
        var key = name();
        ascending(entries, key, Cbor.NAME_ORDER, at);
        entries.put(key, item(depthLeft - 1));
      }
      return new Cbor.Dictionary(entries);
    }
    var entries = new TreeMap<Long, Cbor>(Cbor.KEY_ORDER);
    for (int i = 0; i < count; i++) {
      int at = position;
      var key = key();
      ascending(entries, key, Cbor.KEY_ORDER, at);
      entries.put(key, item(depthLeft - 1));
    }
    return new Cbor.Mapping(entries);
  }

  private long key() throws Refused {
    int start = position;
    int initial = next();
    int major = initial >>> 5;
    admit(major == CborEncoder.UNSIGNED || major == CborEncoder.NEGATIVE, "key of a map", start);
    admit(major == CborEncoder.UNSIGNED || profile.admitsNegative(), "negative key", start);
    long argument = argument(initial, start);
    return major == CborEncoder.UNSIGNED ? argument : ~argument;
  }

  private String name() throws Refused {
    int start = position;
    int initial = next();
    admit(initial >>> 5 == CborEncoder.TEXT, "map with mixed keys", start);
    return text(initial, start);
  }

  private static <K> void ascending(
      SortedMap<K, Cbor> entries, K key, Comparator<K> order, int offset) throws Refused {
    if (!entries.isEmpty() && order.compare(entries.lastKey(), key) >= 0) {
      throw new Refused("keys are not unique and ascending", offset);
    }
  }

  /** The argument of a head, shortest form only, RFC 8949 section 3. */
  private long argument(int initial, int start) throws Refused {
    int additional = initial & 0x1f;
    if (additional < 24) {
      return additional;
    }
    if (additional > 27) {
      throw new Refused("indefinite length or reserved head", start);
    }
    int size = 1 << (additional - 24);
    if (input.length - position < size) {
      throw new Refused("truncated", start);
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | (input[position++] & 0xff);
    }
    if (value < 0) {
      throw new Refused("integer beyond 63 bits", start);
    }
    long least = size == 1 ? 24 : 1L << (4 * size);
    if (value < least) {
      throw new Refused("not the shortest head", start);
    }
    return value;
  }

  private int length(int initial, int start) throws Refused {
    long length = argument(initial, start);
    if (length > input.length - position) {
      throw new Refused("truncated", start);
    }
    return (int) length;
  }

  /** Every item takes a byte at least, so a count beyond what is left is refused unallocated. */
  private int count(int initial, int start, int bytesPerItem) throws Refused {
    long count = argument(initial, start);
    if (count > limits.maxItems()) {
      throw new Refused("more than " + limits.maxItems() + " items", start);
    }
    if (count * bytesPerItem > input.length - position) {
      throw new Refused("truncated", start);
    }
    return (int) count;
  }

  private int next() throws Refused {
    if (position >= input.length) {
      throw new Refused("truncated", position);
    }
    return input[position++] & 0xff;
  }

  private int majorAt(int offset) {
    return (input[offset] & 0xff) >>> 5;
  }

  private void enter(int depthLeft, int start) throws Refused {
    if (depthLeft == 0) {
      throw new Refused("more than " + profile.maxDepth() + " nested containers", start);
    }
  }

  private void admit(boolean admitted, String what, int offset) throws Refused {
    if (!admitted) {
      throw new Refused(profile + " does not admit this " + what, offset);
    }
  }

  /** Never leaves this class. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final int offset;

    Refused(String reason, int offset) {
      super(reason, null, false, false);
      this.reason = reason;
      this.offset = offset;
    }
  }
}
