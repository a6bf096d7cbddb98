package io.sharekeep.cbor;

import java.util.TreeMap;

/** Collects the entries of a map. A key that is put twice is a bug and throws. */
public final class CborMap {
  private final TreeMap<Long, Cbor> entries = new TreeMap<>(Cbor.KEY_ORDER);

  CborMap() {}

  public CborMap put(long key, Cbor value) {
    if (entries.putIfAbsent(key, value) != null) {
      throw new IllegalArgumentException("key " + key + " put twice");
    }
    return this;
  }

  /** An integer of either sign. */
  public CborMap put(long key, long value) {
    return put(key, Cbor.integer(value));
  }

  public CborMap put(long key, byte[] value) {
    return put(key, Cbor.bytes(value));
  }

  public CborMap put(long key, String value) {
    return put(key, Cbor.text(value));
  }

  public CborMap put(long key, boolean value) {
    return put(key, Cbor.bool(value));
  }

  Cbor build() {
    return new Cbor.Mapping(entries);
  }
}
