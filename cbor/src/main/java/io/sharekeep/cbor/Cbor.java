package io.sharekeep.cbor;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A CBOR data item, immutable. Which kinds a document may hold is its {@link CborProfile}'s to say.
 * Items live on the heap: nothing secret goes into one.
 */
public sealed interface Cbor {
  /**
   * Canonical order of integer keys, RFC 8949 section 4.2.1: bytewise by encoding, so 0, 1, 2 … and
   * then −1, −2 ….
   */
  Comparator<Long> KEY_ORDER =
      (a, b) ->
          (a < 0) == (b < 0)
              ? Long.compare(a < 0 ? ~a : a, b < 0 ? ~b : b)
              : Boolean.compare(a < 0, b < 0);

  /** Canonical order of text keys: the shorter encoding first, then bytewise. */
  Comparator<String> NAME_ORDER = (a, b) -> Arrays.compareUnsigned(Utf8.keyed(a), Utf8.keyed(b));

  /** 0..2^63-1. */
  record Unsigned(long value) implements Cbor {
    public Unsigned {
      if (value < 0) {
        throw new IllegalArgumentException("unsigned items are 0..2^63-1");
      }
    }
  }

  /** −2^63..−1. EVIDENCE only. */
  record Negative(long value) implements Cbor {
    public Negative {
      if (value >= 0) {
        throw new IllegalArgumentException("negative items are -2^63..-1");
      }
    }
  }

  /** A byte string. The array is copied on the way in and out. */
  record Bytes(byte[] value) implements Cbor {
    public Bytes {
      value = value.clone();
    }

    @Override
    public byte[] value() {
      return value.clone();
    }

    /** Bytes of the string, without a copy. */
    public int length() {
      return value.length;
    }

    /** The bytes themselves, for this package's encoder, which does not write to them. */
    byte[] raw() {
      return value;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "Bytes[" + value.length + "]";
    }
  }

  /** Text: ASCII in WIRE, any well-formed Unicode in EVIDENCE. */
  record Text(String value) implements Cbor {
    public Text {
      if (!Utf8.isWellFormed(value)) {
        throw new IllegalArgumentException("text holds half a surrogate pair");
      }
    }
  }

  record Bool(boolean value) implements Cbor {}

  /** The simple value null. EVIDENCE only. */
  record Null() implements Cbor {}

  record Sequence(List<Cbor> items) implements Cbor {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** A map with integer keys in {@link #KEY_ORDER}; WIRE allows none below 0. */
  record Mapping(SortedMap<Long, Cbor> entries) implements Cbor {
    public Mapping {
      var copy = new TreeMap<Long, Cbor>(KEY_ORDER);
      copy.putAll(entries);
      entries = Collections.unmodifiableSortedMap(copy);
    }
  }

  /**
   * A map with text keys in {@link #NAME_ORDER}. EVIDENCE only. Never empty: an empty map says
   * nothing about its keys and is a {@link Mapping}.
   */
  record Dictionary(SortedMap<String, Cbor> entries) implements Cbor {
    public Dictionary {
      if (entries.isEmpty()) {
        throw new IllegalArgumentException("an empty map is a Mapping");
      }
      var copy = new TreeMap<String, Cbor>(NAME_ORDER);
      copy.putAll(entries);
      entries = Collections.unmodifiableSortedMap(copy);
    }
  }

  /** A tagged item. EVIDENCE only, and there 18 (COSE_Sign1) and 61 (CWT) alone. */
  record Tag(long number, Cbor item) implements Cbor {
    public Tag {
      if (number < 0) {
        throw new IllegalArgumentException("tags are 0..2^63-1");
      }
    }
  }

  static Cbor uint(long value) {
    return new Unsigned(value);
  }

  /** {@link Unsigned} or {@link Negative}, by the sign. */
  static Cbor integer(long value) {
    return value < 0 ? new Negative(value) : new Unsigned(value);
  }

  static Cbor bytes(byte[] value) {
    return new Bytes(value);
  }

  static Cbor text(String value) {
    return new Text(value);
  }

  static Cbor bool(boolean value) {
    return new Bool(value);
  }

  static Cbor list(List<? extends Cbor> items) {
    return new Sequence(List.copyOf(items));
  }

  static Cbor list(Cbor... items) {
    return new Sequence(List.of(items));
  }

  static Cbor tag(long number, Cbor item) {
    return new Tag(number, item);
  }

  /** {@code Cbor.map(m -> m.put(1, version).put(2, key))}; keys may come in any order. */
  static Cbor map(Consumer<CborMap> fields) {
    var map = new CborMap();
    fields.accept(map);
    return map.build();
  }
}
