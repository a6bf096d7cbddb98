package io.sharekeep.enclave;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What everybody may know of a key.
 *
 * @param committee hash of the committee document, hex
 * @param points evaluation point → party
 * @param address present once the key is usable and its scheme has one for its purposes
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
    Optional<String> address,
    Instant created) {
  public KeyDescription {
    points = Map.copyOf(points);
    purposes = Set.copyOf(purposes);
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

  public List<Integer> pointsOf(int party) {
    return points.entrySet().stream()
        .filter(e -> e.getValue() == party)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
