package io.sharekeep.attestation.json;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.cbor.Cbor;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Collects the entries of a map with names. A name that is put twice is a bug and throws. */
public final class Named {
  private final TreeMap<String, Cbor> entries = new TreeMap<>(Cbor.NAME_ORDER);

  private Named() {}

  /** {@code Named.map(m -> m.put("id", id).put("size", 7))}. */
  public static Cbor map(Consumer<Named> fields) {
    var map = new Named();
    fields.accept(map);
    return map.entries.isEmpty() ? Cbor.map(_ -> {}) : new Cbor.Dictionary(map.entries);
  }

  /** A list, each member written by {@code writer}. */
  public static <T> Cbor list(Collection<T> values, Function<T, Cbor> writer) {
    return Cbor.list(values.stream().map(writer).toList());
  }

  public Named put(String name, Cbor value) {
    if (entries.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException(name + " put twice");
    }
    return this;
  }

  public Named put(String name, String value) {
    return put(name, Cbor.text(value));
  }

  public Named put(String name, long value) {
    return put(name, Cbor.integer(value));
  }

  public Named put(String name, boolean value) {
    return put(name, Cbor.bool(value));
  }

  public Named put(String name, Octets value) {
    return put(name, Cbor.bytes(value.value()));
  }

  /** Nothing where the value is absent. */
  public <T> Named put(String name, Optional<T> value, Function<T, Cbor> writer) {
    value.ifPresent(present -> put(name, writer.apply(present)));
    return this;
  }

  public <T> Named put(String name, Collection<T> values, Function<T, Cbor> writer) {
    return put(name, list(values, writer));
  }

  public static Cbor bytes(Octets value) {
    return Cbor.bytes(value.value());
  }
}
