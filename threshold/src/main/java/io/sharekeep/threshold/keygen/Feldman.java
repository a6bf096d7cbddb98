package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.PublicScalar;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Commitments to a polynomial, A_0 … A_{t−1} (Feldman), and what they let everybody check. */
final class Feldman {
  private final Group group;
  private final List<Element> coefficients;

  Feldman(Group group, List<Element> coefficients) {
    this.group = group;
    this.coefficients = List.copyOf(coefficients);
  }

  /**
   * The commitments to the sum of polynomials of one degree.
   *
   * @return empty when a coefficient of the sum is the identity
   */
  static Optional<Feldman> sum(Group group, List<List<Element>> polynomials) {
    var ones = Collections.nCopies(polynomials.size(), group.publicOps().scalar(1));
    var sum = new ArrayList<Element>();
    for (int m = 0; m < polynomials.getFirst().size(); m++) {
      int degree = m;
      var terms = polynomials.stream().map(polynomial -> polynomial.get(degree)).toList();
      var total = group.publicOps().linearCombination(ones, terms);
      if (total.isEmpty()) {
        return Optional.empty();
      }
      sum.add(total.get());
    }
    return Optional.of(new Feldman(group, sum));
  }

  Element constant() {
    return coefficients.getFirst();
  }

  /** f(x)·G; empty when f(x) = 0. */
  Optional<Element> at(EvaluationPoint point) {
    var ops = group.publicOps();
    var x = ops.scalar(point.x());
    var powers = new ArrayList<PublicScalar>();
    var power = ops.scalar(1);
    for (int m = 0; m < coefficients.size(); m++) {
      powers.add(power);
      power = ops.multiply(power, x);
    }
    return ops.linearCombination(powers, coefficients);
  }

  /** Whether a canonical scalar is f(x). Its public image becomes known to the caller only. */
  boolean holds(Scratch scratch, EvaluationPoint point, MemorySegment share) {
    return group.secretOps().isCanonical(share) == 1
        && group.secretOps().multiplyBase(scratch, share).equals(at(point));
  }
}
