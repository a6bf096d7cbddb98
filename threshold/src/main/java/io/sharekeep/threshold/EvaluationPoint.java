package io.sharekeep.threshold;

/**
 * Where a share polynomial is evaluated, 1..65535. The point, not the party, is the unit of every
 * scheme here: a party of weight w owns w points. As a FROST identifier it is the scalar x.
 */
public record EvaluationPoint(int x) implements Comparable<EvaluationPoint> {
  public EvaluationPoint {
    if (x < 1 || x > 65535) {
      throw new IllegalArgumentException("an evaluation point is 1..65535, not " + x);
    }
  }

  @Override
  public int compareTo(EvaluationPoint other) {
    return Integer.compare(x, other.x);
  }
}
