package io.sharekeep.cbor;

import java.util.List;
import java.util.SortedMap;

/** A CBOR data item, immutable. Which kinds a document may hold is its profile's to say. */
public sealed interface Cbor {
  /** 0..2^63-1. */
  record Unsigned(long value) implements Cbor {
    public Unsigned {
      if (value < 0) {
        throw new IllegalArgumentException("unsigned items are 0..2^63-1");
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
  }

  /** ASCII text. */
  record Text(String value) implements Cbor {}

  record Bool(boolean value) implements Cbor {}

  record Sequence(List<Cbor> items) implements Cbor {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** A map with unsigned keys, ascending. */
  record Mapping(SortedMap<Long, Cbor> entries) implements Cbor {}
}
