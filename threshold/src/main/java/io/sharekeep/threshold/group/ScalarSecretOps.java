package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;

/** The scalar half of {@link SecretOps}, the same for every backend of a group. */
abstract class ScalarSecretOps implements SecretOps {
  private final ScalarField field;

  ScalarSecretOps(ScalarField field) {
    this.field = field;
  }

  @Override
  public final void random(Randomness randomness, Scratch scratch, MemorySegment out) {
    field.random(randomness, scratch, out);
  }

  @Override
  public final int isCanonical(MemorySegment scalar) {
    return field.isCanonical(scalar);
  }

  @Override
  public final void reduce(Scratch scratch, MemorySegment wide, MemorySegment out) {
    field.reduce(scratch, wide, out);
  }

  @Override
  public final void add(MemorySegment a, MemorySegment b, MemorySegment out) {
    field.add(a, b, out);
  }

  @Override
  public final void subtract(MemorySegment a, MemorySegment b, MemorySegment out) {
    field.subtract(a, b, out);
  }

  @Override
  public final void negate(MemorySegment a, MemorySegment out) {
    field.negate(a, out);
  }

  @Override
  public final void multiply(Scratch scratch, MemorySegment a, MemorySegment b, MemorySegment out) {
    field.multiply(a, b, out);
  }

  @Override
  public final void multiply(Scratch scratch, MemorySegment a, PublicScalar b, MemorySegment out) {
    field.multiply(a, b, out);
  }

  @Override
  public final void add(MemorySegment a, PublicScalar b, MemorySegment out) {
    field.add(a, b, out);
  }

  @Override
  public final void negateUnless(int choice, MemorySegment a, MemorySegment out) {
    field.negateUnless(choice, a, out);
  }

  @Override
  public final PublicScalar publish(MemorySegment scalar) {
    return field.publish(scalar);
  }
}
