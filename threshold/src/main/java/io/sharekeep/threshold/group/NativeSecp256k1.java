package io.sharekeep.threshold.group;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.foreign.Secp256k1;
import io.sharekeep.threshold.foreign.Secp256k1Library;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
    return new Element(GroupId.SECP256K1, encoding.toArray(JAVA_BYTE));
  }

  private void load(Arena arena, Element p, MemorySegment point) {
    requireOurs(p);
    if (!library.parse(arena.allocateFrom(JAVA_BYTE, p.raw()), point)) {
      throw new IllegalStateException("an element that was checked does not parse");
    }
  }

  private static void requireOurs(Element p) {
    if (p.group() != GroupId.SECP256K1) {
      throw new IllegalArgumentException("an element of " + p.group());
    }
  }

  private final class Secrets extends NativeSecretOps {
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
        var point = arena.allocate(Secp256k1.POINT_LENGTH);
        load(arena, p, point);
        if (library.multiplySecret(k, point, out)) {
          return true;
        }
        out.fill((byte) 0); // the library leaves 1·P there
        return false;
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
            ? Optional.of(new Element(GroupId.SECP256K1, encoding.clone()))
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
        var points = arena.allocate(2 * Secp256k1.POINT_LENGTH);
        load(arena, p, slot(points, 0));
        load(arena, r, slot(points, 1));
        return sum(arena, points, 2);
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
        var points = arena.allocate(Secp256k1.POINT_LENGTH * Math.max(1, scalars.size()));
        int terms = 0;
        for (int i = 0; i < scalars.size(); i++) {
          if (term(arena, scalars.get(i), elements.get(i), slot(points, terms))) {
            terms++;
          }
        }
        return terms == 0 ? Optional.empty() : sum(arena, points, terms);
      }
    }

    /** point := k·P; false for k = 0, which the library does not multiply by. */
    private boolean term(Arena arena, PublicScalar k, Element p, MemorySegment point) {
      if (k.group() != GroupId.SECP256K1) {
        throw new IllegalArgumentException("a scalar of " + k.group());
      }
      requireOurs(p);
      if (k.isZero()) {
        return false;
      }
      var scalar = arena.allocateFrom(JAVA_BYTE, k.raw());
      boolean done;
      if (Arrays.equals(p.raw(), GENERATOR)) {
        done = library.create(scalar, point); // half the time of the general one
      } else {
        load(arena, p, point);
        done = isOne(k) || library.multiplyPublic(scalar, point);
      }
      if (!done) {
        throw new IllegalStateException("a scalar that was checked is not below the order");
      }
      return true;
    }

    private Optional<Element> sum(Arena arena, MemorySegment points, int count) {
      var sum = arena.allocate(Secp256k1.POINT_LENGTH);
      return library.combine(points, count, sum)
          ? Optional.of(element(arena, sum))
          : Optional.empty();
    }

    private static MemorySegment slot(MemorySegment points, int index) {
      return points.asSlice(index * Secp256k1.POINT_LENGTH, Secp256k1.POINT_LENGTH);
    }

    private static boolean isOne(PublicScalar k) {
      var raw = k.raw();
      return raw[31] == 1 && Arrays.equals(raw, 0, 31, new byte[31], 0, 31);
    }
  }
}
