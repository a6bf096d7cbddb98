package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/** Both groups on big integers, for tests alone: nothing here is constant-time or wiped. */
public final class ModelGroup implements Group {
  private final GroupId id;
  private final boolean degenerate;
  private final ModelCurve curve;
  private final Scalars scalars = new Scalars();
  private final Secrets secrets = new Secrets();

  public ModelGroup(GroupId id) {
    this(id, false);
  }

  /** A group whose linear combinations are the identity, which no test could find by search. */
  public static ModelGroup degenerate(GroupId id) {
    return new ModelGroup(id, true);
  }

  private ModelGroup(GroupId id, boolean degenerate) {
    this.id = id;
    this.degenerate = degenerate;
    this.curve =
        switch (id) {
          case SECP256K1 -> new ModelCurve.Secp256k1();
          case ED25519 -> new ModelCurve.Ed25519();
        };
  }

  @Override
  public GroupId id() {
    return id;
  }

  @Override
  public SecretOps secretOps() {
    return secrets;
  }

  @Override
  public PublicOps publicOps() {
    return scalars;
  }

  @Override
  public String backend() {
    return "model";
  }

  @Override
  public String toString() {
    return "model " + id;
  }

  /** The group's order. */
  public BigInteger order() {
    return curve.q;
  }

  /** The scalar of an integer, reduced. */
  public PublicScalar scalar(BigInteger value) {
    return new PublicScalar(id, encode(value.mod(curve.q)));
  }

  private byte[] encode(BigInteger value) {
    var bigEndian = ModelCurve.bigEndian(value);
    return id == GroupId.ED25519 ? ModelCurve.reversed(bigEndian) : bigEndian;
  }

  private BigInteger integer(byte[] bytes) {
    return new BigInteger(1, id == GroupId.ED25519 ? ModelCurve.reversed(bytes) : bytes);
  }

  private BigInteger integer(PublicScalar scalar) {
    if (scalar.group() != id) {
      throw new IllegalArgumentException("scalar of another group");
    }
    return integer(scalar.encoded());
  }

  private ModelCurve.Point point(Element element) {
    if (element.group() != id) {
      throw new IllegalArgumentException("element of another group");
    }
    return curve.decode(element.encoded()).orElseThrow();
  }

  private Optional<Element> element(ModelCurve.Point point) {
    return curve.isIdentity(point)
        ? Optional.empty()
        : Optional.of(new Element(id, curve.encode(point)));
  }

  private final class Scalars implements PublicOps {
    @Override
    public Optional<Element> decode(byte[] encoding) {
      return curve
          .decode(encoding)
          .filter(p -> curve.isIdentity(curve.multiply(curve.q, p)))
          .flatMap(ModelGroup.this::element);
    }

    @Override
    public Optional<PublicScalar> decodeScalar(byte[] encoding) {
      return Optional.of(encoding)
          .filter(e -> e.length == 32 && integer(e).compareTo(curve.q) < 0)
          .map(e -> new PublicScalar(id, e.clone()));
    }

    @Override
    public PublicScalar scalar(long value) {
      return ModelGroup.this.scalar(BigInteger.valueOf(value));
    }

    @Override
    public PublicScalar reduce(byte[] wide) {
      if (wide.length != 64) {
        throw new IllegalArgumentException("length " + wide.length);
      }
      return ModelGroup.this.scalar(integer(wide));
    }

    @Override
    public PublicScalar add(PublicScalar a, PublicScalar b) {
      return ModelGroup.this.scalar(integer(a).add(integer(b)));
    }

    @Override
    public PublicScalar subtract(PublicScalar a, PublicScalar b) {
      return ModelGroup.this.scalar(integer(a).subtract(integer(b)));
    }

    @Override
    public PublicScalar multiply(PublicScalar a, PublicScalar b) {
      return ModelGroup.this.scalar(integer(a).multiply(integer(b)));
    }

    @Override
    public PublicScalar negate(PublicScalar a) {
      return ModelGroup.this.scalar(integer(a).negate());
    }

    @Override
    public PublicScalar invert(PublicScalar a) {
      return ModelGroup.this.scalar(integer(a).modInverse(curve.q));
    }

    @Override
    public Element generator() {
      return element(curve.generator()).orElseThrow();
    }

    @Override
    public Element negate(Element p) {
      return element(curve.negate(point(p))).orElseThrow();
    }

    @Override
    public Optional<Element> add(Element p, Element r) {
      return element(curve.add(point(p), point(r)));
    }

    @Override
    public Optional<Element> multiply(PublicScalar k, Element p) {
      return element(curve.multiply(integer(k), point(p)));
    }

    @Override
    public Optional<Element> multiplyBase(PublicScalar k) {
      return element(curve.multiply(integer(k), curve.generator()));
    }

    @Override
    public Optional<Element> linearCombination(List<PublicScalar> factors, List<Element> elements) {
      if (factors.size() != elements.size()) {
        throw new IllegalArgumentException("lists differ in length");
      }
      if (degenerate) {
        return Optional.empty();
      }
      var sum = curve.identity();
      for (int i = 0; i < factors.size(); i++) {
        sum = curve.add(sum, curve.multiply(integer(factors.get(i)), point(elements.get(i))));
      }
      return element(sum);
    }
  }

  private final class Secrets implements SecretOps {
    @Override
    public void random(Randomness randomness, Scratch scratch, MemorySegment out) {
      try (var wide = scratch.borrow(64)) {
        do {
          randomness.fill(wide.bytes());
          reduce(scratch, wide.bytes(), out);
        } while (read(out).signum() == 0);
      }
    }

    @Override
    public int isCanonical(MemorySegment scalar) {
      return scalar.byteSize() == 32 && raw(scalar).compareTo(curve.q) < 0 ? 1 : 0;
    }

    @Override
    public void reduce(Scratch scratch, MemorySegment wide, MemorySegment out) {
      if (wide.byteSize() != 64) {
        throw new IllegalArgumentException("length " + wide.byteSize());
      }
      write(raw(wide), out);
    }

    @Override
    public void add(MemorySegment a, MemorySegment b, MemorySegment out) {
      write(read(a).add(read(b)), out);
    }

    @Override
    public void subtract(MemorySegment a, MemorySegment b, MemorySegment out) {
      write(read(a).subtract(read(b)), out);
    }

    @Override
    public void negate(MemorySegment a, MemorySegment out) {
      write(read(a).negate(), out);
    }

    @Override
    public void multiply(Scratch scratch, MemorySegment a, MemorySegment b, MemorySegment out) {
      write(read(a).multiply(read(b)), out);
    }

    @Override
    public void multiply(Scratch scratch, MemorySegment a, PublicScalar b, MemorySegment out) {
      write(read(a).multiply(integer(b)), out);
    }

    @Override
    public void add(MemorySegment a, PublicScalar b, MemorySegment out) {
      write(read(a).add(integer(b)), out);
    }

    @Override
    public void negateUnless(int choice, MemorySegment a, MemorySegment out) {
      write(choice == 1 ? read(a) : read(a).negate(), out);
    }

    @Override
    public Optional<Element> multiplyBase(Scratch scratch, MemorySegment k) {
      return element(curve.multiply(read(k), curve.generator()));
    }

    @Override
    public boolean multiply(Scratch scratch, MemorySegment k, Element p, MemorySegment out) {
      var product = curve.multiply(read(k), point(p));
      out.fill((byte) 0);
      if (curve.isIdentity(product)) {
        return false;
      }
      MemorySegment.copy(curve.coordinates(product), 0, out, ValueLayout.JAVA_BYTE, 0, 64);
      return true;
    }

    @Override
    public PublicScalar publish(MemorySegment scalar) {
      return ModelGroup.this.scalar(read(scalar));
    }

    @Override
    public void sha512(Scratch scratch, MemorySegment message, MemorySegment out) {
      hash("SHA-512", message, out);
    }

    @Override
    public void sha256(Scratch scratch, MemorySegment message, MemorySegment out) {
      hash("SHA-256", message, out);
    }

    private void hash(String algorithm, MemorySegment message, MemorySegment out) {
      try {
        var digest =
            MessageDigest.getInstance(algorithm).digest(message.toArray(ValueLayout.JAVA_BYTE));
        MemorySegment.copy(digest, 0, out, ValueLayout.JAVA_BYTE, 0, (int) out.byteSize());
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }

    private BigInteger raw(MemorySegment bytes) {
      return integer(bytes.toArray(ValueLayout.JAVA_BYTE));
    }

    private BigInteger read(MemorySegment scalar) {
      var value = raw(scalar);
      if (scalar.byteSize() != 32 || value.compareTo(curve.q) >= 0) {
        throw new IllegalArgumentException("not a canonical scalar");
      }
      return value;
    }

    private void write(BigInteger value, MemorySegment out) {
      MemorySegment.copy(
          encode(value.mod(curve.q)), 0, out, ValueLayout.JAVA_BYTE, 0, (int) out.byteSize());
    }
  }
}
