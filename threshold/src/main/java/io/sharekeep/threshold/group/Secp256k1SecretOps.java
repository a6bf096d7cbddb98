package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Secret multiplication on secp256k1 in Java: what the slab engine computes, handed out. */
final class Secp256k1SecretOps extends JavaSecretOps {
  Secp256k1SecretOps() {
    super(ScalarField.SECP256K1);
  }

  @Override
  public Optional<Element> multiplyBase(Scratch scratch, MemorySegment k) {
    requireLength(k, 32);
    try (var work = scratch.borrow(SlabWeierstrass.WORK);
        var affine = scratch.borrow(64)) {
      SlabWeierstrass.multiplyBase(work.bytes(), k);
      if (SlabWeierstrass.affine(work.bytes(), affine.bytes()) == 0) {
        return Optional.empty();
      }
      // From here on the point is public.
      byte[] encoding = new byte[33];
      encoding[0] = (byte) (2 | (affine.bytes().get(ValueLayout.JAVA_BYTE, 63) & 1));
      MemorySegment.copy(affine.bytes(), ValueLayout.JAVA_BYTE, 0, encoding, 1, 32);
      return Optional.of(new Element(GroupId.SECP256K1, encoding));
    }
  }

  @Override
  public boolean multiply(Scratch scratch, MemorySegment k, Element p, MemorySegment out) {
    requireLength(k, 32);
    requireLength(out, 64);
    long[] window = WeierstrassTables.window(WeierstrassPoint.of(p));
    try (var work = scratch.borrow(SlabWeierstrass.WORK)) {
      SlabWeierstrass.multiplyPoint(work.bytes(), k, window);
      return SlabWeierstrass.affine(work.bytes(), out) == 1;
    }
  }
}
