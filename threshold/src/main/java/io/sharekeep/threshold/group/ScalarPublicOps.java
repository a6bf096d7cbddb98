package io.sharekeep.threshold.group;

import java.util.Optional;

/** The scalar half of {@link PublicOps}, the same for every backend of a group. */
abstract class ScalarPublicOps implements PublicOps {
  private final ScalarField field;

  ScalarPublicOps(ScalarField field) {
    this.field = field;
  }

  @Override
  public final Optional<PublicScalar> decodeScalar(byte[] encoding) {
    return field.decode(encoding);
  }

  @Override
  public final PublicScalar scalar(long value) {
    return field.scalar(value);
  }

  @Override
  public final PublicScalar reduce(byte[] wide) {
    return field.reduce(wide);
  }

  @Override
  public final PublicScalar add(PublicScalar a, PublicScalar b) {
    return field.add(a, b);
  }

  @Override
  public final PublicScalar subtract(PublicScalar a, PublicScalar b) {
    return field.subtract(a, b);
  }

  @Override
  public final PublicScalar multiply(PublicScalar a, PublicScalar b) {
    return field.multiply(a, b);
  }

  @Override
  public final PublicScalar negate(PublicScalar a) {
    return field.negate(a);
  }

  @Override
  public final PublicScalar invert(PublicScalar a) {
    return field.invert(a);
  }
}
