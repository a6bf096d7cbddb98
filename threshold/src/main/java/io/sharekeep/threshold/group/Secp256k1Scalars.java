package io.sharekeep.threshold.group;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/** Scalars of secp256k1, big-endian. */
final class Secp256k1Scalars extends MontgomeryScalars {
  static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  private static final ValueLayout.OfLong LIMB =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final VarHandle BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  Secp256k1Scalars() {
    super(GroupId.SECP256K1, ORDER);
  }

  @Override
  @ConstantTime
  long limb(MemorySegment scalar, int index) {
    return scalar.get(LIMB, 24L - 8L * index);
  }

  @Override
  @ConstantTime
  void store(MemorySegment out, long l0, long l1, long l2, long l3) {
    out.set(LIMB, 24, l0);
    out.set(LIMB, 16, l1);
    out.set(LIMB, 8, l2);
    out.set(LIMB, 0, l3);
  }

  @Override
  MemorySegment high(MemorySegment wide) {
    return wide.asSlice(0, 32);
  }

  @Override
  MemorySegment low(MemorySegment wide) {
    return wide.asSlice(32, 32);
  }

  @Override
  long limb(byte[] encoding, int limbs, int index) {
    return (long) BYTES.get(encoding, 8 * (limbs - 1 - index));
  }

  @Override
  void store(byte[] out, long[] limbs) {
    for (int i = 0; i < 4; i++) {
      BYTES.set(out, 24 - 8 * i, limbs[i]);
    }
  }
}
