package io.sharekeep.bench.timing;

import io.sharekeep.threshold.foreign.Secp256k1;
import io.sharekeep.threshold.group.GroupId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.sec.SECNamedCurves;

/** Operations whose time is known to tell the scalar: a run that does not see them is no run. */
final class LeakyControls {
  private LeakyControls() {}

  static List<Subject> all() {
    return Stream.of(FixedOperand.values())
        .flatMap(fixed -> Stream.of(tweakMultiply(fixed), bouncyCastle(fixed)))
        .toList();
  }

  private static Subject tweakMultiply(FixedOperand fixed) {
    var library = Secp256k1.forPublicValues();
    var scalars = fixed.scalars(GroupId.SECP256K1, 5);
    var arena = Arena.ofAuto();
    var generator = arena.allocate(Secp256k1.POINT_LENGTH, 64);
    var one = arena.allocate(32);
    one.set(ValueLayout.JAVA_BYTE, 31, (byte) 1);
    if (!library.create(one, generator)) {
      throw new IllegalStateException("1 is a scalar");
    }
    var point = arena.allocate(Secp256k1.POINT_LENGTH, 64);
    return new Plain(
        "ec_pubkey_tweak_mul, " + fixed.text(),
        1,
        (kind, slot) -> {
          scalars.load(kind, slot);
          MemorySegment.copy(generator, 0, point, 0, Secp256k1.POINT_LENGTH);
        },
        () -> library.multiplyPublic(scalars.work(), point));
  }

  private static Subject bouncyCastle(FixedOperand fixed) {
    var generator = SECNamedCurves.getByName("secp256k1").getG();
    var scalars = fixed.scalars(GroupId.SECP256K1, 6);
    var current = new BigInteger[1];
    return new Plain(
        "BouncyCastle multiply, " + fixed.text(),
        1,
        (kind, slot) ->
            current[0] = new BigInteger(1, scalars.load(kind, slot).toArray(ValueLayout.JAVA_BYTE)),
        () -> generator.multiply(current[0]).normalize());
  }
}
