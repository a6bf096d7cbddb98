package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.rules.Listing;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The lists in force, by name.
 *
 * @param held in the order of their names
 */
public record Lists(SortedMap<String, Held> held) {
  /** No list is there: what asks one is denied. */
  public static final Lists NONE = new Lists(new TreeMap<>());

  public Lists {
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
  }

  /**
   * One of them.
   *
   * @param hash hex SHA-256 of the document
   */
  public record Held(Listing listing, String hash) {}

  Map<String, Listing> byName() {
    return held.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().listing()));
  }

  /** Without the one of that name. */
  public Lists without(String name) {
    var all = new TreeMap<>(held);
    all.remove(name);
    return new Lists(all);
  }

  /** With that one in the place of what had its name. */
  public Lists with(Held newer) {
    var all = new TreeMap<>(held);
    all.put(newer.listing().name(), newer);
    return new Lists(all);
  }
}
