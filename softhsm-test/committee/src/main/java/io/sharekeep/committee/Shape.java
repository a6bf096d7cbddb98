package io.sharekeep.committee;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a committee is cut.
 *
 * @param id its name in the committee document
 * @param threshold evaluation points that a signature takes
 * @param weights points of each party, in the parties' order
 */
public record Shape(String id, int threshold, List<Integer> weights) {
  public Shape {
    weights = List.copyOf(weights);
  }

  /** One point for each of {@code parties}. */
  public static Shape equal(String id, int threshold, int parties) {
    return new Shape(id, threshold, IntStream.range(0, parties).mapToObj(_ -> 1).toList());
  }

  public int parties() {
    return weights.size();
  }

  public int points() {
    return weights.stream().mapToInt(Integer::intValue).sum();
  }

  /** The points of a party, which count from 1 through all parties. */
  public List<Integer> pointsOf(int party) {
    int before = weights.subList(0, party - 1).stream().mapToInt(Integer::intValue).sum();
    var points = new ArrayList<Integer>();
    for (int i = 1; i <= weights.get(party - 1); i++) {
      points.add(before + i);
    }
    return points;
  }
}
