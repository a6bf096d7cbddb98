package io.sharekeep.threshold.group;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.foreign.Secp256k1;
import io.sharekeep.threshold.foreign.Secp256k1Library;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * secp256k1 by libsecp256k1; scalars in Java, hashes over slabs by libsodium. Public operands pass
 * through a confined arena per call: tens of nanoseconds beside microseconds.
 */
final class NativeSecp256k1 implements Group {
  /** SEC 2 section 2.4.1, compressed. */
  private static final byte[] GENERATOR =
      HexFormat.of().parseHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

  /** One addition takes a seventieth of a multiplication. */
  private static final int MOST_COPIES = 32;

  private static final byte[] ZERO = new byte[GroupId.SCALAR_LENGTH];

  private final Secp256k1 library;
  private final SecretOps secretOps = new Secrets();
  private final PublicOps publicOps = new Publics();

  /** Needs both libraries; {@code random} blinds the base multiplication. */
  NativeSecp256k1(Randomness random) {
    this.library = Secp256k1.blinded(random);
  }

  @Override
  public GroupId id() {
    return GroupId.SECP256K1;
  }

  @Override
  public SecretOps secretOps() {
    return secretOps;
  }

  @Override
  public PublicOps publicOps() {
    return publicOps;
  }

  @Override
  public String backend() {
    return "libsecp256k1 " + Secp256k1Library.version();
  }

  private Element element(Arena arena, MemorySegment point) {
    var encoding = arena.allocate(GroupId.SECP256K1.elementLength());
    library.serialize(point, encoding);
    return new Element(GroupId.SECP256K1, encoding.toArray(JAVA_BYTE), kept(point));
  }

  private static NativePoint kept(MemorySegment point) {
    return new NativePoint(point.toArray(JAVA_BYTE));
  }

  private MemorySegment load(Arena arena, Element p) {
    requireOurs(p);
    if (p.decoded().orElse(null) instanceof NativePoint(var bytes)) {
      return arena.allocateFrom(JAVA_BYTE, bytes);
    }
    var point = arena.allocate(Secp256k1.POINT_LENGTH);
    if (!library.parse(arena.allocateFrom(JAVA_BYTE, p.raw()), point)) {
      throw new IllegalStateException("an element that was checked does not parse");
    }
    p.keep(kept(point));
    return point;
  }

  private static void requireOurs(Element p) {
    if (p.group() != GroupId.SECP256K1) {
      throw new IllegalArgumentException("an element of " + p.group());
    }
  }

  private final class Secrets extends NativeSecretOps implements Secp256k1Points {
    /** Offsets in the work segment. */
    private static final long RAW = 0;

    private static final long COUNT = RAW + Secp256k1.POINT_LENGTH;
    private static final long ENCODING = COUNT + 8;

    Secrets() {
      super(ScalarField.SECP256K1);
    }

    @Override
    public Optional<Element> multiplyBase(Scratch scratch, MemorySegment k) {
      try (var arena = Arena.ofConfined()) {
        var point = arena.allocate(Secp256k1.POINT_LENGTH);
        return library.create(k, point) ? Optional.of(element(arena, point)) : Optional.empty();
      }
    }

    @Override
    public boolean multiply(Scratch scratch, MemorySegment k, Element p, MemorySegment out) {
      try (var arena = Arena.ofConfined()) {
        if (library.multiplySecret(k, load(arena, p), out)) {
          return true;
        }
        out.fill((byte) 0); // the library leaves 1·P there
        return false;
      }
    }

    @Override
    public boolean multiplyBase(MemorySegment work, MemorySegment k, MemorySegment out) {
      requireAffine(out);
      var point = work.asSlice(RAW, Secp256k1.POINT_LENGTH);
      if (!library.create(k, point)) {
        out.fill((byte) 0);
        return false;
      }
      coordinates(work, out);
      return true;
    }

    @Override
    public boolean multiplyPoint(
        MemorySegment work, MemorySegment k, MemorySegment affine, MemorySegment out) {
      requireAffine(affine);
      requireAffine(out);
      var point = work.asSlice(RAW, Secp256k1.POINT_LENGTH);
      var encoding = work.asSlice(ENCODING, Secp256k1.UNCOMPRESSED);
      encoding.set(JAVA_BYTE, 0, (byte) 4);
      MemorySegment.copy(affine, 0, encoding, 1, LENGTH);
      if (!library.parse(encoding, point)) {
        throw new IllegalStateException("an affine point that is not on the curve");
      }
      if (library.multiplySecret(k, point, out)) {
        return true;
      }
      out.fill((byte) 0);
      return false;
    }

    @Override
    public boolean decode(MemorySegment work, MemorySegment encoding, MemorySegment out) {
      requireAffine(out);
      if (encoding.byteSize() != GroupId.SECP256K1.elementLength()
          || !library.parse(encoding, work.asSlice(RAW, Secp256k1.POINT_LENGTH))) {
        return false;
      }
      coordinates(work, out);
      return true;
    }

    /** Of the point that is in the work segment. */
    private void coordinates(MemorySegment work, MemorySegment out) {
      var encoding = work.asSlice(ENCODING, Secp256k1.UNCOMPRESSED);
      library.serializeUncompressed(
          work.asSlice(RAW, Secp256k1.POINT_LENGTH), encoding, work.asSlice(COUNT, 8));
      MemorySegment.copy(encoding, 1, out, 0, LENGTH);
    }

    private static void requireAffine(MemorySegment segment) {
      if (segment.byteSize() != LENGTH) {
        throw new IllegalArgumentException("an affine point is 64 bytes");
      }
    }
  }

  private final class Publics extends ScalarPublicOps {
    Publics() {
      super(ScalarField.SECP256K1);
    }

    @Override
    public Optional<Element> decode(byte[] encoding) {
      if (encoding.length != GroupId.SECP256K1.elementLength()) { // the library also takes 65
        return Optional.empty();
      }
      try (var arena = Arena.ofConfined()) {
        var point = arena.allocate(Secp256k1.POINT_LENGTH);
        return library.parse(arena.allocateFrom(JAVA_BYTE, encoding), point)
            ? Optional.of(new Element(GroupId.SECP256K1, encoding.clone(), kept(point)))
            : Optional.empty();
      }
    }

    @Override
    public Element generator() {
      return new Element(GroupId.SECP256K1, GENERATOR.clone());
    }

    @Override
    public Element negate(Element p) {
      requireOurs(p);
      var encoding = p.encoded();
      encoding[0] ^= 1; // 2 and 3 are the parities of y
      return new Element(GroupId.SECP256K1, encoding);
    }

    @Override
    public Optional<Element> add(Element p, Element r) {
      try (var arena = Arena.ofConfined()) {
        return sum(arena, List.of(load(arena, p), load(arena, r)));
      }
    }

    @Override
    public Optional<Element> multiply(PublicScalar k, Element p) {
      return linearCombination(List.of(k), List.of(p));
    }

    @Override
    public Optional<Element> multiplyBase(PublicScalar k) {
      return linearCombination(List.of(k), List.of(generator()));
    }

    @Override
    public Optional<Element> linearCombination(List<PublicScalar> scalars, List<Element> elements) {
      if (scalars.size() != elements.size()) {
        throw new IllegalArgumentException(
            scalars.size() + " scalars for " + elements.size() + " elements");
      }
      try (var arena = Arena.ofConfined()) {
        if (scalars.size() == 2 && isBase(elements.get(0)) && !isBase(elements.get(1))) {
          var both = basePlus(arena, scalars.get(0), scalars.get(1), elements.get(1));
          if (both.isPresent()) {
            return both;
          }
        }
        var terms = new ArrayList<MemorySegment>();
        for (int i = 0; i < scalars.size(); i++) {
          addTerm(arena, scalars.get(i), elements.get(i), terms);
        }
        return terms.isEmpty() ? Optional.empty() : sum(arena, terms);
      }
    }

    /**
     * a·G + b·P in one pass: it is the key that recovery from r = x(P), s = b·r finds for the
     * digest −a·r (SEC 1 section 4.1.6), and two multiplications and a sum cost a third more.
     *
     * @return empty where recovery does not answer: b = 0, the identity, x(P) above the order
     */
    private Optional<Element> basePlus(Arena arena, PublicScalar a, PublicScalar b, Element p) {
      requireOurs(p);
      var x = decodeScalar(Arrays.copyOfRange(p.raw(), 1, 33));
      if (x.isEmpty() || b.isZero()) {
        return Optional.empty();
      }
      var compact = arena.allocate(2L * GroupId.SCALAR_LENGTH);
      MemorySegment.copy(x.get().raw(), 0, compact, JAVA_BYTE, 0, GroupId.SCALAR_LENGTH);
      MemorySegment.copy(
          multiply(b, x.get()).raw(),
          0,
          compact,
          JAVA_BYTE,
          GroupId.SCALAR_LENGTH,
          GroupId.SCALAR_LENGTH);
      var digest = arena.allocateFrom(JAVA_BYTE, negate(multiply(a, x.get())).raw());
      var sum = arena.allocate(Secp256k1.POINT_LENGTH);
      return library.recover(compact, p.raw()[0] & 1, digest, sum)
          ? Optional.of(element(arena, sum))
          : Optional.empty();
    }

    /** Adds what sums up to k·P: nothing for k = 0, and k times P itself while k is small. */
    private void addTerm(Arena arena, PublicScalar k, Element p, List<MemorySegment> terms) {
      if (k.group() != GroupId.SECP256K1) {
        throw new IllegalArgumentException("a scalar of " + k.group());
      }
      requireOurs(p);
      int copies = small(k);
      if (copies >= 0) {
        terms.addAll(Collections.nCopies(copies, load(arena, p)));
        return;
      }
      var scalar = arena.allocateFrom(JAVA_BYTE, k.raw());
      boolean done;
      MemorySegment point;
      if (isBase(p)) {
        point = arena.allocate(Secp256k1.POINT_LENGTH);
        done = library.create(scalar, point); // half the time of the general one
      } else {
        point = load(arena, p);
        done = library.multiplyPublic(scalar, point);
      }
      if (!done) {
        throw new IllegalStateException("a scalar that was checked is not below the order");
      }
      terms.add(point);
    }

    private Optional<Element> sum(Arena arena, List<MemorySegment> terms) {
      var sum = arena.allocate(Secp256k1.POINT_LENGTH);
      return library.combine(terms, sum) ? Optional.of(element(arena, sum)) : Optional.empty();
    }

    private static boolean isBase(Element p) {
      return Arrays.equals(p.raw(), GENERATOR);
    }

    /** k where adding so many copies is cheaper than a multiplication, else −1. */
    private static int small(PublicScalar k) {
      var raw = k.raw();
      return raw[31] >= 0 && raw[31] <= MOST_COPIES && Arrays.equals(raw, 0, 31, ZERO, 0, 31)
          ? raw[31]
          : -1;
    }
  }
}
