package io.sharekeep.threshold.keygen;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
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
record Malformation(String name, UnaryOperator<Cbor> change) {
  private static final Cbor UNKNOWN = Cbor.uint(0);

  @Override
  public String toString() {
    return name;
  }

  /** The payload with this field spoilt. */
  Octets apply(Octets payload) {
    return encoded(change.apply(item(payload)));
  }

  /** Every malformation of a payload like this one. */
  static List<Malformation> of(Octets sample, GroupId group) {
    var all = new ArrayList<Malformation>();
    item(item(sample), "payload", UnaryOperator.identity(), group, all);
    return all;
  }

  private static Cbor item(Octets payload) {
    if (CborDecoder.decode(CborProfile.WIRE, payload.toArray(), CborLimits.ofBytes(1 << 16))
        instanceof Decoded.Item(Cbor item)) {
      return item;
    }
    throw new AssertionError("a sample that does not decode");
  }

  private static Octets encoded(Cbor item) {
    return Octets.of(CborEncoder.encode(CborProfile.WIRE, item));
  }

  /**
   * @param in how a change of this item becomes one of the whole message
   */
  private static void item(
      Cbor item,
      String path,
      UnaryOperator<UnaryOperator<Cbor>> in,
      GroupId group,
      List<Malformation> all) {
    switch (item) {
      case Cbor.Bytes(byte[] value) -> {
        bytes(value, group)
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
              group,
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
              group,
              all);
        }
      }
      default -> throw new AssertionError("no message of the catalogue holds a " + item);
    }
  }

  private static Cbor oneMore(Cbor old) {
    return Cbor.uint(((Cbor.Unsigned) old).value() + 1);
  }

  private static Map<String, UnaryOperator<byte[]>> bytes(byte[] value, GroupId group) {
    var changes = new LinkedHashMap<String, UnaryOperator<byte[]>>();
    changes.put("empty", _ -> new byte[0]);
    changes.put("too short", old -> Arrays.copyOf(old, old.length - 1));
    changes.put("too long", old -> Arrays.copyOf(old, old.length + 1));
    changes.put("zeros", old -> new byte[old.length]);
    changes.put("ones", old -> filled(old.length));
    changes.put("first bit flipped", old -> flipped(old, 0));
    changes.put("last bit flipped", old -> flipped(old, old.length - 1));
    if (value.length == group.elementLength()) {
      elements(group).forEach((name, hex) -> changes.put(name, _ -> hex(hex)));
    }
    if (value.length == GroupId.SCALAR_LENGTH) {
      changes.put("the order", _ -> hex(group == GroupId.SECP256K1 ? SECP256K1_Q : ED25519_Q));
    }
    return changes;
  }

  private static final String SECP256K1_Q =
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
  private static final String ED25519_Q =
      "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

  private static Map<String, String> elements(GroupId group) {
    return switch (group) {
      case SECP256K1 ->
          Map.of(
              "the generator",
              "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
              "off the curve",
              "020000000000000000000000000000000000000000000000000000000000000005",
              "beyond the field",
              "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30");
      case ED25519 ->
          Map.of(
              "the generator",
              "5866666666666666666666666666666666666666666666666666666666666666",
              "the identity",
              "0100000000000000000000000000000000000000000000000000000000000000",
              "of order two",
              "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
              "of order eight",
              "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
              "beyond the field",
              "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
              "of mixed order",
              "9599999999999999999999999999999999999999999999999999999999999999");
    };
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

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
