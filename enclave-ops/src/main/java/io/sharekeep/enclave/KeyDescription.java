package io.sharekeep.enclave;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What everybody may know of a key.
 *
 * @param committee hash of the committee document, hex
 * @param points evaluation point → party
 * @param addresses purpose → where the key receives, once it is usable
 */
public record KeyDescription(
    KeyId id,
    String label,
    Scheme scheme,
    Stage stage,
    long epoch,
    int threshold,
    Map<Integer, Integer> points,
    String committee,
    Set<String> purposes,
    String publicKeyHex,
    SortedMap<String, String> addresses,
    Instant created) {
  public KeyDescription {
    points = Map.copyOf(points);
    purposes = Set.copyOf(purposes);
    addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
  }

  /** How far the key's generation has been agreed (protocols, section 5.2). */
  public enum Stage {
    /**
     * This party's share is sealed; not all certificates are here. Never signs, never discarded.
     */
    PENDING,
    /** All certificates are here. */
    ACTIVE,
    /** All parties have said that they are active: the key signs and shows its address. */
    USABLE
  }

  /** Where the key receives; of an ECDSA key, by the first of its purposes. */
  public Optional<String> address() {
    return addresses.values().stream().findFirst();
  }

  public List<Integer> pointsOf(int party) {
    return points.entrySet().stream()
        .filter(e -> e.getValue() == party)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
