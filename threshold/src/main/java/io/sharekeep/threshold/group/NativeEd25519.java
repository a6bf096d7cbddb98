package io.sharekeep.threshold.group;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.foreign.Sodium;
import io.sharekeep.threshold.foreign.SodiumLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Ed25519 with libsodium for the base multiplication and the hashes over slabs. The rest is Java's:
 * scalars, since libsodium has no full set; points from outside, since the coordinates are needed
 * in Java and halving is faster than libsodium's multiplication by the order; public sums, since
 * libsodium pays a subgroup check per term and shares no doublings; and the secret multiple of a
 * foreign point, since libsodium gives it compressed and the coordinates would have to be recovered
 * in Java all the same.
 */
final class NativeEd25519 implements Group {
  private final SecretOps secretOps;
  private final PublicOps publicOps;

  /** Needs libsodium. */
  NativeEd25519(JavaEd25519 java) {
    this.secretOps = new Secrets(java.secretOps());
    this.publicOps = new Publics(java.publicOps());
  }

  @Override
  public GroupId id() {
    return GroupId.ED25519;
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
    return "libsodium " + SodiumLibrary.version();
  }

  /** k·B; empty for k = 0, which is all that libsodium refuses. */
  private static Optional<Element> base(Arena arena, MemorySegment k) {
    var encoding = arena.allocate(GroupId.ED25519.elementLength());
    return Sodium.ed25519Base(encoding, k)
        ? Optional.of(new Element(GroupId.ED25519, encoding.toArray(JAVA_BYTE)))
        : Optional.empty();
  }

  private static final class Secrets extends NativeSecretOps {
    private final SecretOps java;

    Secrets(SecretOps java) {
      super(ScalarField.ED25519);
      this.java = java;
    }

    @Override
    public Optional<Element> multiplyBase(Scratch scratch, MemorySegment k) {
      try (var arena = Arena.ofConfined()) {
        return base(arena, k);
      }
    }

    @Override
    public boolean multiply(Scratch scratch, MemorySegment k, Element p, MemorySegment out) {
      return java.multiply(scratch, k, p, out);
    }
  }

  private static final class Publics extends ScalarPublicOps {
    private final PublicOps java;

    Publics(PublicOps java) {
      super(ScalarField.ED25519);
      this.java = java;
    }

    @Override
    public Optional<Element> decode(byte[] encoding) {
      return java.decode(encoding);
    }

    @Override
    public Element generator() {
      return java.generator();
    }

    @Override
    public Element negate(Element p) {
      return java.negate(p);
    }

    @Override
    public Optional<Element> add(Element p, Element r) {
      return java.add(p, r);
    }

    @Override
    public Optional<Element> multiply(PublicScalar k, Element p) {
      return java.multiply(k, p);
    }

    @Override
    public Optional<Element> multiplyBase(PublicScalar k) {
      if (k.group() != GroupId.ED25519) {
        throw new IllegalArgumentException("a scalar of " + k.group());
      }
      try (var arena = Arena.ofConfined()) {
        return base(arena, arena.allocateFrom(JAVA_BYTE, k.raw()));
      }
    }

    @Override
    public Optional<Element> linearCombination(List<PublicScalar> scalars, List<Element> elements) {
      return java.linearCombination(scalars, elements);
    }

    @Override
    public boolean isDifference(PublicScalar s, PublicScalar c, Element p, byte[] encoding) {
      return java.isDifference(s, c, p, encoding);
    }
  }
}
