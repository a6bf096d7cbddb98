package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A dealer's secret polynomial, coefficients from the constant term upwards, in one slab. */
final class Polynomial implements AutoCloseable {
  private static final long SCALAR = GroupId.SCALAR_LENGTH;

  private final Group group;
  private final Scratch scratch;
  private final Scratch.Slab slab;
  private final int terms;

  private Polynomial(Group group, Scratch scratch, Scratch.Slab slab, int terms) {
    this.group = group;
    this.scratch = scratch;
    this.slab = slab;
    this.terms = terms;
  }

  /** With {@code terms} coefficients, none of them zero: its degree is exactly terms − 1. */
  static Polynomial random(Group group, Scratch scratch, Randomness randomness, int terms) {
    var slab = scratch.borrow(SCALAR * terms);
    var polynomial = new Polynomial(group, scratch, slab, terms);
    try {
      for (int m = 0; m < terms; m++) {
        group.secretOps().random(randomness, scratch, polynomial.coefficient(m));
      }
      return polynomial;
    } catch (RuntimeException | Error failure) {
      slab.close();
      throw failure;
    }
  }

  MemorySegment coefficient(int m) {
    return slab.bytes().asSlice(SCALAR * m, SCALAR);
  }

  /** A_m = a_m·G. */
  List<Element> commitments() {
    var commitments = new ArrayList<Element>();
    for (int m = 0; m < terms; m++) {
      commitments.add(
          group
              .secretOps()
              .multiplyBase(scratch, coefficient(m))
              .orElseThrow(() -> new IllegalStateException("a coefficient came out as zero")));
    }
    return List.copyOf(commitments);
  }

  /** f(x) by Horner's rule; the point is public, so are the steps. */
  void evaluate(EvaluationPoint point, MemorySegment out) {
    var ops = group.secretOps();
    var x = group.publicOps().scalar(point.x());
    MemorySegment.copy(coefficient(terms - 1), 0, out, 0, SCALAR);
    for (int m = terms - 2; m >= 0; m--) {
      ops.multiply(scratch, out, x, out);
      ops.add(out, coefficient(m), out);
    }
  }

  @Override
  public void close() {
    slab.close();
  }
}
