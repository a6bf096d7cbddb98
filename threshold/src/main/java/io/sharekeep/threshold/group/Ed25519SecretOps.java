package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Secret multiplication on edwards25519 in Java: what the slab engine computes, handed out. */
final class Ed25519SecretOps extends JavaSecretOps {
  Ed25519SecretOps() {
    super(ScalarField.ED25519);
  }

  @Override
  public Optional<Element> multiplyBase(Scratch scratch, MemorySegment k) {
    requireLength(k, 32);
    try (var work = scratch.borrow(SlabEdwards.WORK);
        var affine = scratch.borrow(64)) {
      SlabEdwards.multiplyBase(work.bytes(), k);
      if (SlabEdwards.affine(work.bytes(), affine.bytes()) == 0) {
        return Optional.empty();
      }
      // From here on the point is public.
      byte[] encoding = affine.bytes().asSlice(32, 32).toArray(ValueLayout.JAVA_BYTE);
      encoding[31] |= (byte) (affine.bytes().get(ValueLayout.JAVA_BYTE, 0) << 7);
      return Optional.of(new Element(GroupId.ED25519, encoding));
    }
  }

  @Override
  public boolean multiply(Scratch scratch, MemorySegment k, Element p, MemorySegment out) {
    requireLength(k, 32);
    requireLength(out, 64);
    long[] window = EdwardsTables.window(EdwardsPoint.of(p));
    try (var work = scratch.borrow(SlabEdwards.WORK)) {
      SlabEdwards.multiplyPoint(work.bytes(), k, window);
      return SlabEdwards.affine(work.bytes(), out) == 1;
    }
  }
}
