package io.sharekeep.threshold.frost;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who signs: every point of every party of the signing set, from the party's own key record.
 *
 * @param threshold of the key, in points, at least 2
 * @param owners the party of each point; at least {@code threshold} of them
 */
public record Signers(int threshold, SortedMap<EvaluationPoint, PartyId> owners) {
  public Signers {
    if (threshold < 2) {
      throw new IllegalArgumentException("a threshold is at least 2, not " + threshold);
    }
    if (owners.size() < threshold) {
      throw new IllegalArgumentException(
          owners.size() + " points are fewer than the threshold " + threshold);
    }
    owners = Collections.unmodifiableSortedMap(new TreeMap<>(owners));
  }

  /** Ascending. */
  public List<EvaluationPoint> points() {
    return List.copyOf(owners.keySet());
  }
}
