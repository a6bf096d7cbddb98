package io.sharekeep.threshold.group;

import io.sharekeep.threshold.EvaluationPoint;
import java.util.Collection;

/** Lagrange interpolation at 0, RFC 9591 section 4.2. Points are public. */
public final class Interpolation {
  private Interpolation() {}

  /**
   * λ of {@code point} over {@code points}: Π x_j / (x_j − x), j over the others.
   *
   * @throws IllegalArgumentException unless {@code point} is among {@code points} exactly once and
   *     no other point is there twice
   */
  public static PublicScalar coefficient(
      PublicOps ops, EvaluationPoint point, Collection<EvaluationPoint> points) {
    if (points.stream().distinct().count() != points.size() || !points.contains(point)) {
      throw new IllegalArgumentException("points must be distinct and hold the one asked for");
    }
    var numerator = ops.scalar(1);
    var denominator = ops.scalar(1);
    boolean negative = false;
    for (var other : points) {
      int difference = other.x() - point.x();
      if (difference != 0) {
        numerator = ops.multiply(numerator, ops.scalar(other.x()));
        denominator = ops.multiply(denominator, ops.scalar(Math.abs(difference)));
        negative ^= difference < 0;
      }
    }
    var coefficient = ops.multiply(numerator, ops.invert(denominator));
    return negative ? ops.negate(coefficient) : coefficient;
  }
}
