package io.sharekeep.threshold.group;

import java.util.List;
import java.util.Optional;

/** What the Java backends of both groups derive from one multi-scalar multiplication. */
abstract class JavaPublicOps extends ScalarPublicOps {
  private final PublicScalar one;

  JavaPublicOps(ScalarField field) {
    super(field);
    this.one = field.scalar(1);
  }

  @Override
  public final Optional<Element> add(Element p, Element r) {
    return linearCombination(List.of(one, one), List.of(p, r));
  }

  @Override
  public final Optional<Element> multiply(PublicScalar k, Element p) {
    return linearCombination(List.of(k), List.of(p));
  }

  @Override
  public final Optional<Element> multiplyBase(PublicScalar k) {
    return linearCombination(List.of(k), List.of(generator()));
  }
}
