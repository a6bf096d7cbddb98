package io.sharekeep.threshold.group;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/** Scalars of the prime-order subgroup of edwards25519, little-endian. */
final class Ed25519Scalars extends MontgomeryScalars {
  static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final ValueLayout.OfLong LIMB =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  Ed25519Scalars() {
    super(GroupId.ED25519, ORDER);
  }

  @Override
  @ConstantTime
  long limb(MemorySegment scalar, int index) {
    return scalar.get(LIMB, 8L * index);
  }

  @Override
  @ConstantTime
  void store(MemorySegment out, long l0, long l1, long l2, long l3) {
    out.set(LIMB, 0, l0);
    out.set(LIMB, 8, l1);
    out.set(LIMB, 16, l2);
    out.set(LIMB, 24, l3);
  }

  @Override
  MemorySegment high(MemorySegment wide) {
    return wide.asSlice(32, 32);
  }

  @Override
  MemorySegment low(MemorySegment wide) {
    return wide.asSlice(0, 32);
  }

  @Override
  long limb(byte[] encoding, int limbs, int index) {
    return (long) BYTES.get(encoding, 8 * index);
  }

  @Override
  void store(byte[] out, long[] limbs) {
    for (int i = 0; i < 4; i++) {
      BYTES.set(out, 8 * i, limbs[i]);
    }
  }
}
