package io.sharekeep.bench.timing;

import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.group.SecretOps;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Every method of {@link SecretOps} of one backend, with one fixed operand. */
final class SecretOpsSubjects {
  /** A scalar operation takes some 50 ns; the clock's grain is 20 to 30. */
  private static final int SHORT = 32;

  private final String prefix;
  private final Scratch scratch;
  private final GroupId id;
  private final SecretOps ops;
  private final FixedOperand fixed;
  private final MemorySegment out = Arena.ofAuto().allocate(64, 64);
  private final Element point;
  private final PublicScalar publicScalar;

  SecretOpsSubjects(Group group, Scratch scratch, FixedOperand fixed) {
    this.prefix = group.id() + " " + group.backend() + " ";
    this.scratch = scratch;
    this.id = group.id();
    this.ops = group.secretOps();
    this.fixed = fixed;
    this.publicScalar = group.publicOps().scalar(0x0123456789abcdefL);
    this.point = group.publicOps().multiplyBase(publicScalar).orElseThrow();
  }

  List<Subject> all() {
    var a = fixed.scalars(id, 1);
    var b = fixed.scalars(id, 2);
    var wide = Operands.bytes(fixed.wide(id), 3);
    var choices = Operands.of(new byte[1], 1, 1, 4);
    var x = a.work();
    var y = b.work();
    return List.of(
        one(
            "random",
            SHORT,
            wide,
            () -> {
              ops.random(bytes -> MemorySegment.copy(wide.work(), 0, bytes, 0, 64), scratch, low());
              return out;
            }),
        one("isCanonical", SHORT, a, () -> ops.isCanonical(x)),
        one(
            "reduce",
            SHORT,
            wide,
            () -> {
              ops.reduce(scratch, wide.work(), low());
              return out;
            }),
        two("add", a, b, () -> ops.add(x, y, low())),
        two("subtract", a, b, () -> ops.subtract(x, y, low())),
        one(
            "negate",
            SHORT,
            a,
            () -> {
              ops.negate(x, low());
              return out;
            }),
        two("multiply", a, b, () -> ops.multiply(scratch, x, y, low())),
        one(
            "multiply by a public scalar",
            SHORT,
            a,
            () -> {
              ops.multiply(scratch, x, publicScalar, low());
              return out;
            }),
        one(
            "add a public scalar",
            SHORT,
            a,
            () -> {
              ops.add(x, publicScalar, low());
              return out;
            }),
        new Plain(
            prefix + "negateUnless, choice 0",
            SHORT,
            (kind, slot) -> {
              a.load(1, slot);
              choices.load(kind, slot);
            },
            () -> {
              ops.negateUnless(choice(choices), x, low());
              return out;
            }),
        one(
            "negateUnless",
            SHORT,
            a,
            () -> {
              ops.negateUnless(1, x, low());
              return out;
            }),
        one("multiplyBase", 1, a, () -> ops.multiplyBase(scratch, x)),
        one("multiply a point", 1, a, () -> ops.multiply(scratch, x, point, out)),
        one("publish", SHORT, a, () -> ops.publish(x)),
        one(
            "sha512",
            4,
            wide,
            () -> {
              ops.sha512(scratch, wide.work(), out);
              return out;
            }),
        one(
            "sha256",
            4,
            wide,
            () -> {
              ops.sha256(scratch, wide.work(), low());
              return out;
            }));
  }

  private MemorySegment low() {
    return out.asSlice(0, 32);
  }

  private static int choice(Operands choices) {
    return choices.work().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0);
  }

  private Subject one(
      String name, int repeats, Operands operand, java.util.function.Supplier<Object> operation) {
    return new Plain(prefix + name + ", " + fixed.text(), repeats, operand::load, operation);
  }

  private Subject two(String name, Operands a, Operands b, Runnable operation) {
    return new Plain(
        prefix + name + ", " + fixed.text(),
        SHORT,
        (kind, slot) -> {
          a.load(kind, slot);
          b.load(kind, slot);
        },
        () -> {
          operation.run();
          return out;
        });
  }
}
