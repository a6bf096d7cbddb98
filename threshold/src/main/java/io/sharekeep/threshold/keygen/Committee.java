package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.SessionContext;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who holds which points of a key, and how many points can use it (protocols.md, section 5.1).
 *
 * @param threshold t, at least 2
 * @param points of each party, ascending
 */
public record Committee(int threshold, SortedMap<PartyId, List<EvaluationPoint>> points) {
  /**
   * @throws IllegalArgumentException with the defect as message
   */
  public Committee {
    var copy = new TreeMap<PartyId, List<EvaluationPoint>>();
    points.forEach((party, own) -> copy.put(party, own.stream().sorted().toList()));
    points = Collections.unmodifiableSortedMap(copy);
    defect(threshold, points)
        .ifPresent(defect -> {
          throw new IllegalArgumentException(defect);
        });
  }

  /** As a context that the caller has compared with its own records says. */
  public static Committee of(SessionContext context) {
    var points = new TreeMap<PartyId, List<EvaluationPoint>>();
    context.committee().forEach(member -> points.put(member.id(), member.points()));
    return new Committee(context.threshold(), points);
  }

  /** What is wrong with such a committee, in words for its owner. */
  public static Optional<String> defect(
      int threshold, SortedMap<PartyId, List<EvaluationPoint>> points) {
    if (threshold < 2) {
      return Optional.of("the threshold must be at least 2");
    }
    var seen = new HashSet<EvaluationPoint>();
    for (var entry : points.entrySet()) {
      if (entry.getValue().isEmpty()) {
        return Optional.of(entry.getKey() + " owns no point");
      }
      if (entry.getValue().size() >= threshold) {
        return Optional.of(
            entry.getKey() + " owns as many points as the threshold: it would hold the whole key");
      }
      for (var point : entry.getValue()) {
        if (!seen.add(point)) {
          return Optional.of("point " + point.x() + " is owned twice");
        }
      }
    }
    if (seen.size() < threshold) {
      return Optional.of("there are fewer points than the threshold");
    }
    if (points.size() > SessionContext.MAX_PARTIES || seen.size() > SessionContext.MAX_POINTS) {
      return Optional.of("a committee has at most 64 parties and 255 points");
    }
    return Optional.empty();
  }

  /** Ascending. */
  public List<PartyId> parties() {
    return List.copyOf(points.keySet());
  }

  /**
   * @throws IllegalArgumentException when the party does not belong to the committee
   */
  public List<EvaluationPoint> pointsOf(PartyId party) {
    return Optional.ofNullable(points.get(party))
        .orElseThrow(() -> new IllegalArgumentException(party + " is not of this committee"));
  }

  /** The owner of each point, ascending by point. */
  public SortedMap<EvaluationPoint, PartyId> owners() {
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    points.forEach((party, own) -> own.forEach(point -> owners.put(point, party)));
    return owners;
  }
}
