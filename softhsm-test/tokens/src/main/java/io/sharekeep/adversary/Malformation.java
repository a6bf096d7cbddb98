package io.sharekeep.adversary;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Decoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Ways to spoil one field of a message of any protocol: every field of every depth, zero, the
 * identity, the order, off the curve, too short, too long, missing, one too many, of another type.
 * They are found in a sample, and apply to any message of the same shape.
 */
public record Malformation(String name, UnaryOperator<Cbor> change) {
  private static final Cbor UNKNOWN = Cbor.uint(0);

  @Override
  public String toString() {
    return name;
  }

  /** The message with this field spoilt, canonical still. */
  public byte[] apply(byte[] message) {
    return CborEncoder.encode(CborProfile.WIRE, change.apply(item(message)));
  }

  /**
   * Every malformation of a message like this one. A name begins with the path to its field: {@code
   * .2[0]} is the first item of field 2.
   */
  public static List<Malformation> of(byte[] sample, Curve curve) {
    var all = new ArrayList<Malformation>();
    item(item(sample), "", UnaryOperator.identity(), curve, all);
    return all;
  }

  private static Cbor item(byte[] message) {
    if (CborDecoder.decode(CborProfile.WIRE, message, CborLimits.ofBytes(1 << 16))
        instanceof Decoded.Item(Cbor item)) {
      return item;
    }
    throw new AssertionError("a sample that does not decode");
  }

  /**
   * @param in how a change of this item becomes one of the whole message
   */
  private static void item(
      Cbor item,
      String path,
      UnaryOperator<UnaryOperator<Cbor>> in,
      Curve curve,
      List<Malformation> all) {
    switch (item) {
      case Cbor.Bytes(byte[] value) -> {
        bytes(value, curve)
            .forEach((name, change) ->
                all.add(
                    new Malformation(
                        path + " " + name,
                        in.apply(old -> Cbor.bytes(change.apply(((Cbor.Bytes) old).value()))))));
        all.add(new Malformation(path + " as an integer", in.apply(_ -> Cbor.uint(1))));
      }
      case Cbor.Unsigned _ -> {
        all.add(new Malformation(path + " one more", in.apply(Malformation::oneMore)));
        all.add(new Malformation(path + " zero", in.apply(_ -> Cbor.uint(0))));
        all.add(new Malformation(path + " largest", in.apply(_ -> Cbor.uint(Long.MAX_VALUE))));
        all.add(new Malformation(path + " as bytes", in.apply(_ -> Cbor.bytes(new byte[1]))));
      }
      case Cbor.Sequence(List<Cbor> items) -> {
        list(items.size())
            .forEach((name, change) ->
                all.add(
                    new Malformation(
                        path + " " + name,
                        in.apply(old ->
                            new Cbor.Sequence(change.apply(((Cbor.Sequence) old).items()))))));
        for (int i = 0; i < items.size(); i++) {
          int index = i;
          item(
              items.get(i),
              path + "[" + i + "]",
              change -> in.apply(old -> replaced((Cbor.Sequence) old, index, change)),
              curve,
              all);
        }
      }
      case Cbor.Mapping(var entries) -> {
        all.add(new Malformation(path + " with a field more", in.apply(old -> with(old, 99))));
        all.add(new Malformation(path + " as a list", in.apply(_ -> Cbor.list(List.of()))));
        for (var key : entries.keySet()) {
          all.add(
              new Malformation(path + " without field " + key, in.apply(old -> without(old, key))));
          item(
              entries.get(key),
              path + "." + key,
              change -> in.apply(old -> replaced((Cbor.Mapping) old, key, change)),
              curve,
              all);
        }
      }
      default -> throw new AssertionError("no message of the catalogue holds a " + item);
    }
  }

  private static Cbor oneMore(Cbor old) {
    return Cbor.uint(((Cbor.Unsigned) old).value() + 1);
  }

  private static Map<String, UnaryOperator<byte[]>> bytes(byte[] value, Curve curve) {
    var changes = new LinkedHashMap<String, UnaryOperator<byte[]>>();
    changes.put("empty", _ -> new byte[0]);
    changes.put("too short", old -> Arrays.copyOf(old, old.length - 1));
    changes.put("too long", old -> Arrays.copyOf(old, old.length + 1));
    changes.put("zeros", old -> new byte[old.length]);
    changes.put("ones", old -> filled(old.length));
    changes.put("first bit flipped", old -> flipped(old, 0));
    changes.put("last bit flipped", old -> flipped(old, old.length - 1));
    if (value.length == curve.elementLength()) {
      curve.elements().forEach((name, element) -> changes.put(name, _ -> element));
    }
    if (value.length == curve.order().length) {
      changes.put("the order", _ -> curve.order());
    }
    return changes;
  }

  private static Map<String, UnaryOperator<List<Cbor>>> list(int size) {
    var changes = new LinkedHashMap<String, UnaryOperator<List<Cbor>>>();
    changes.put("with an item more", old -> plus(old, UNKNOWN));
    if (size > 0) {
      changes.put("empty", _ -> List.of());
      changes.put("without the first", old -> old.subList(1, old.size()));
      changes.put("with the last twice", old -> plus(old, old.getLast()));
    }
    if (size > 1) {
      changes.put("reversed", List::reversed);
      changes.put("with the first for all", old -> Collections.nCopies(old.size(), old.getFirst()));
    }
    return changes;
  }

  private static List<Cbor> plus(List<Cbor> items, Cbor more) {
    var all = new ArrayList<>(items);
    all.add(more);
    return all;
  }

  private static Cbor replaced(Cbor.Sequence list, int index, UnaryOperator<Cbor> change) {
    var items = new ArrayList<>(list.items());
    items.set(index, change.apply(items.get(index)));
    return new Cbor.Sequence(items);
  }

  private static Cbor replaced(Cbor.Mapping map, long key, UnaryOperator<Cbor> change) {
    var entries = new TreeMap<>(map.entries());
    entries.computeIfPresent(key, (_, old) -> change.apply(old));
    return new Cbor.Mapping(entries);
  }

  private static Cbor with(Cbor map, long key) {
    var entries = new TreeMap<>(((Cbor.Mapping) map).entries());
    entries.put(key, UNKNOWN);
    return new Cbor.Mapping(entries);
  }

  private static Cbor without(Cbor map, long key) {
    var entries = new TreeMap<>(((Cbor.Mapping) map).entries());
    entries.remove(key);
    return new Cbor.Mapping(entries);
  }

  private static byte[] filled(int length) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xff);
    return bytes;
  }

  private static byte[] flipped(byte[] old, int at) {
    var bytes = old.clone();
    bytes[at] ^= 1;
    return bytes;
  }
}
