package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommitteeTest {
  private static SortedMap<PartyId, List<EvaluationPoint>> points(int[]... owned) {
    var points = new TreeMap<PartyId, List<EvaluationPoint>>();
    for (int i = 0; i < owned.length; i++) {
      points.put(
          new PartyId(i + 1), IntStream.of(owned[i]).mapToObj(EvaluationPoint::new).toList());
    }
    return points;
  }

  private static int[] x(int... x) {
    return x;
  }

  private static void assertDefect(
      String words, int threshold, SortedMap<PartyId, List<EvaluationPoint>> points) {
    assertTrue(Committee.defect(threshold, points).orElse("none").contains(words));
    assertThrows(IllegalArgumentException.class, () -> new Committee(threshold, points));
  }

  @Test
  void everyRuleOfPointsIsEnforced() {
    assertDefect("at least 2", 1, points(x(1), x(2)));
    assertDefect("owned twice", 2, points(x(1), x(1)));
    assertDefect("whole key", 2, points(x(1, 2), x(3)));
    assertDefect("whole key", 3, points(x(1, 2, 3, 4), x(5)));
    assertDefect("fewer points", 4, points(x(1), x(2), x(3)));
    assertDefect("owns no point", 2, points(x(1), x(2), x()));
    assertDefect(
        "at most", 2, points(IntStream.range(1, 66).mapToObj(i -> x(i)).toArray(int[][]::new)));
  }

  @Test
  void ownersAndPointsAreAscending() {
    var committee = new Committee(3, points(x(7, 2), x(4), x(1)));

    assertEquals(
        List.of(new EvaluationPoint(2), new EvaluationPoint(7)),
        committee.pointsOf(new PartyId(1)));
    assertEquals(
        List.of(1, 2, 4, 7), committee.owners().keySet().stream().map(EvaluationPoint::x).toList());
    assertEquals(new PartyId(1), committee.owners().get(new EvaluationPoint(7)));
    assertThrows(IllegalArgumentException.class, () -> committee.pointsOf(new PartyId(9)));
  }
}
