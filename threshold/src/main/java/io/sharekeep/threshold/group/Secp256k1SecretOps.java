package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Secret multiplication on secp256k1 in Java: what the slab engine computes, handed out. */
final class Secp256k1SecretOps extends JavaSecretOps implements Secp256k1Points {
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

  @Override
  public boolean multiplyBase(MemorySegment work, MemorySegment k, MemorySegment out) {
    requireLength(k, 32);
    requireLength(out, LENGTH);
    SlabWeierstrass.multiplyBase(work, k);
    return SlabWeierstrass.affine(work, out) == 1;
  }

  /** The table of multiples is on the heap: it gives the point away, which its result does not. */
  @Override
  public boolean multiplyPoint(
      MemorySegment work, MemorySegment k, MemorySegment point, MemorySegment out) {
    requireLength(k, 32);
    requireLength(point, LENGTH);
    requireLength(out, LENGTH);
    var encoding = new byte[33];
    SecretPoints.compress(point, MemorySegment.ofArray(encoding));
    var element = new Element(GroupId.SECP256K1, encoding);
    SlabWeierstrass.multiplyPoint(work, k, WeierstrassTables.window(WeierstrassPoint.of(element)));
    return SlabWeierstrass.affine(work, out) == 1;
  }

  @Override
  public boolean decode(MemorySegment work, MemorySegment encoding, MemorySegment out) {
    requireLength(out, LENGTH);
    var point = WeierstrassPoint.decode(encoding.toArray(ValueLayout.JAVA_BYTE));
    point.ifPresent(p -> {
      var bytes = new byte[64];
      p.x().encode(bytes, 0);
      p.y().encode(bytes, 32);
      MemorySegment.copy(bytes, 0, out, ValueLayout.JAVA_BYTE, 0, 64);
    });
    return point.isPresent();
  }
}
