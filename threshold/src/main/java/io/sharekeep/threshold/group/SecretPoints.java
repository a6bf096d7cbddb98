package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.SlabFieldSecp256k1.SIZE;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A row of points of secp256k1 in one slab, projective until all of them are written out by one
 * inversion. Indices are public, values are not.
 */
public final class SecretPoints implements AutoCloseable {
  /** Bytes of a field element before reduction, RFC 9380 section 5.1. */
  private static final int L = 48;

  /** Bytes that a message to be hashed may have. */
  public static final int MESSAGE = 1024;

  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final long POINT = 3 * SIZE;
  private static final int BLOCK = 64;

  private final SecretOps ops;
  private final Scratch scratch;
  private final Scratch.Slab slab;
  private final MemorySegment w;
  private final int count;
  private final byte[] dstPrime;

  /** Offsets in the slab: two padded halves, uniform bytes, two SHA-256 inputs, the points. */
  private final long padded = HashToCurve.WORK;

  private final long uniform = padded + 64;
  private final long blocks = uniform + 2 * L;
  private final long text = blocks + 512;
  private final long points = text + BLOCK + MESSAGE + 512;

  /** Points that are added only, never hashed. */
  public SecretPoints(Group group, Scratch scratch, int count) {
    this(group, scratch, count, "none");
  }

  /**
   * @param count how many points, all of them the identity at first
   * @param dst the domain separation tag, ASCII, at most 255 bytes
   */
  public SecretPoints(Group group, Scratch scratch, int count, String dst) {
    if (group.id() != GroupId.SECP256K1) {
      throw new IllegalArgumentException("a row of points of " + group.id());
    }
    this.ops = group.secretOps();
    this.scratch = scratch;
    this.count = count;
    var tag = dst.getBytes(StandardCharsets.US_ASCII);
    this.dstPrime = Arrays.copyOf(tag, tag.length + 1);
    dstPrime[tag.length] = (byte) tag.length;
    // Behind the points, for each a field element for the common inversion.
    this.slab = scratch.borrow(points + count * (POINT + SIZE));
    this.w = slab.bytes();
    HashToCurve.prepare(w);
    for (int i = 0; i < count; i++) {
      SlabFieldSecp256k1.set(w, at(i) + SIZE, 1);
    }
  }

  /**
   * point[index] = hash_to_curve(message), RFC 9380 section 3.
   *
   * @param message at most {@link #MESSAGE} bytes; may be secret, its length is not
   */
  public void hash(int index, MemorySegment message) {
    expand(message);
    field(uniform, HashToCurve.U0);
    field(uniform + L, HashToCurve.U1);
    HashToCurve.map(w);
    MemorySegment.copy(w, 0, w, at(index), POINT);
  }

  /** point[index] += an affine point. */
  public void add(int index, MemorySegment affine) {
    load(index, affine);
    SlabWeierstrass.addEntry(w);
    MemorySegment.copy(w, 0, w, at(index), POINT);
  }

  /** point[index] = an affine point - point[index]. */
  public void subtractFrom(int index, MemorySegment affine) {
    load(index, affine);
    SlabFieldSecp256k1.set(w, HashToCurve.U0, 0);
    SlabFieldSecp256k1.subtract(w, SIZE, HashToCurve.U0, SIZE);
    SlabWeierstrass.addEntry(w);
    MemorySegment.copy(w, 0, w, at(index), POINT);
  }

  /**
   * Writes the points from {@code first} on as affine ones, 64 bytes each, zeros for the identity.
   *
   * @param out as long as 64 bytes for each of them
   * @return 1 if none of them is the identity, else 0
   */
  public int affine(int first, MemorySegment out) {
    if (out.byteSize() != Secp256k1Points.LENGTH * (count - first)) {
      throw new IllegalArgumentException("room for another number of points");
    }
    int finite = products(first);
    SlabFieldSecp256k1.invert(w, 0, product(count - 1), SIZE);
    for (int i = count - 1; i >= first; i--) {
      // 1/Z of this one, and what is left for those before it.
      long inverse = 8 * SIZE;
      if (i == first) {
        SlabFieldSecp256k1.multiplySmall(w, inverse, 0, 1);
      } else {
        SlabFieldSecp256k1.multiply(w, inverse, 0, product(i - 1));
        SlabFieldSecp256k1.multiply(w, 0, 0, at(i) + 2 * SIZE);
      }
      SlabFieldSecp256k1.multiply(w, at(i), at(i), inverse);
      SlabFieldSecp256k1.multiply(w, at(i) + SIZE, at(i) + SIZE, inverse);
      long to = Secp256k1Points.LENGTH * (i - first);
      SlabFieldSecp256k1.encode(w, at(i), out, to);
      SlabFieldSecp256k1.encode(w, at(i) + SIZE, out, to + 32);
    }
    return finite;
  }

  /** product(i) = Z_first · … · Z_i, where a zero counts as one and spoils the answer. */
  private int products(int first) {
    int finite = 1;
    SlabFieldSecp256k1.set(w, SIZE, 1);
    for (int i = first; i < count; i++) {
      long z = at(i) + 2 * SIZE;
      int zero = SlabFieldSecp256k1.isZero(w, z);
      finite &= 1 - zero;
      SlabFieldSecp256k1.choose(w, z, z, SIZE, zero);
      if (i == first) {
        SlabFieldSecp256k1.multiplySmall(w, product(i), z, 1);
      } else {
        SlabFieldSecp256k1.multiply(w, product(i), product(i - 1), z);
      }
    }
    return finite;
  }

  /** The compressed form of an affine point, 33 bytes. */
  public static void compress(MemorySegment affine, MemorySegment out) {
    out.set(JAVA_BYTE, 0, (byte) (2 | (affine.get(JAVA_BYTE, 63) & 1)));
    MemorySegment.copy(affine, 0, out, 1, 32);
  }

  /** expand_message_xmd with SHA-256 to 96 bytes, RFC 9380 section 5.3.1. */
  private void expand(MemorySegment message) {
    long length = message.byteSize();
    var first = w.asSlice(text, BLOCK + length + 3 + dstPrime.length);
    first.asSlice(0, BLOCK).fill((byte) 0);
    MemorySegment.copy(message, 0, first, BLOCK, length);
    first.set(JAVA_BYTE, BLOCK + length, (byte) 0);
    first.set(JAVA_BYTE, BLOCK + length + 1, (byte) (2 * L));
    first.set(JAVA_BYTE, BLOCK + length + 2, (byte) 0);
    tag(first, BLOCK + length + 3);
    var zero = w.asSlice(blocks, 32);
    ops.sha256(scratch, first, zero);
    var next = w.asSlice(blocks + 32, 33L + dstPrime.length);
    next.asSlice(0, 32).fill((byte) 0);
    tag(next, 33);
    for (int i = 1; i <= 2 * L / 32; i++) {
      for (int j = 0; j < 32; j += 8) {
        next.set(WORD, j, next.get(WORD, j) ^ zero.get(WORD, j));
      }
      next.set(JAVA_BYTE, 32, (byte) i);
      ops.sha256(scratch, next, w.asSlice(uniform + 32L * (i - 1), 32));
      MemorySegment.copy(w, uniform + 32L * (i - 1), next, 0, 32);
    }
  }

  private void tag(MemorySegment segment, long at) {
    MemorySegment.copy(dstPrime, 0, segment, JAVA_BYTE, at, dstPrime.length);
  }

  /** 48 bytes, big-endian, mod p: the upper 24 times 2^192 plus the lower 24. */
  private void field(long from, long out) {
    MemorySegment.copy(w, from, w, padded + 8, 24);
    MemorySegment.copy(w, from + 24, w, padded + 40, 24);
    SlabFieldSecp256k1.decode(w, 0, w, padded);
    SlabFieldSecp256k1.decode(w, SIZE, w, padded + 32);
    SlabFieldSecp256k1.set(w, 2 * SIZE, 0);
    w.set(WORD, 2 * SIZE + 24, 1L << 36); // 2^192
    SlabFieldSecp256k1.multiply(w, 0, 0, 2 * SIZE);
    SlabFieldSecp256k1.add(w, out, 0, SIZE);
    SlabFieldSecp256k1.normalize(w, out);
  }

  private void load(int index, MemorySegment affine) {
    if (affine.byteSize() != Secp256k1Points.LENGTH) {
      throw new IllegalArgumentException("an affine point is 64 bytes");
    }
    MemorySegment.copy(w, at(index), w, 0, POINT);
    SlabFieldSecp256k1.decode(w, SlabWeierstrass.ADDEND, affine, 0);
    SlabFieldSecp256k1.decode(w, SlabWeierstrass.ADDEND + SIZE, affine, 32);
    SlabFieldSecp256k1.set(w, SlabWeierstrass.ADDEND + 2 * SIZE, 1);
  }

  private long at(int index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException(index);
    }
    return points + index * POINT;
  }

  private long product(int index) {
    return points + count * POINT + index * SIZE;
  }

  /** Wipes. */
  @Override
  public void close() {
    slab.close();
  }
}
