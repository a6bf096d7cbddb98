package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicOps;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.group.Secp256k1Points;
import io.sharekeep.threshold.group.SecretOps;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A group whose n-th point k·G is (k+1)·G: for a party that shows another point than it uses. */
final class RogueGroup implements Group {
  private final Group honest;
  private int untilLie;

  RogueGroup(Group honest, int untilLie) {
    this.honest = honest;
    this.untilLie = untilLie;
  }

  @Override
  public GroupId id() {
    return honest.id();
  }

  @Override
  public SecretOps secretOps() {
    return new Lying(honest.secretOps(), Secp256k1Points.of(honest));
  }

  @Override
  public PublicOps publicOps() {
    return honest.publicOps();
  }

  @Override
  public String backend() {
    return "rogue";
  }

  private final class Lying implements SecretOps, Secp256k1Points {
    private final SecretOps ops;
    private final Secp256k1Points points;

    Lying(SecretOps ops, Secp256k1Points points) {
      this.ops = ops;
      this.points = points;
    }

    @Override
    public Optional<Element> multiplyBase(Scratch scratch, MemorySegment k) {
      var truth = ops.multiplyBase(scratch, k);
      if (untilLie-- != 0) {
        return truth;
      }
      return truth.flatMap(p -> honest.publicOps().add(p, honest.publicOps().generator()));
    }

    @Override
    public void random(Randomness randomness, Scratch scratch, MemorySegment out) {
      ops.random(randomness, scratch, out);
    }

    @Override
    public int isCanonical(MemorySegment scalar) {
      return ops.isCanonical(scalar);
    }

    @Override
    public void reduce(Scratch scratch, MemorySegment wide, MemorySegment out) {
      ops.reduce(scratch, wide, out);
    }

    @Override
    public void add(MemorySegment a, MemorySegment b, MemorySegment out) {
      ops.add(a, b, out);
    }

    @Override
    public void subtract(MemorySegment a, MemorySegment b, MemorySegment out) {
      ops.subtract(a, b, out);
    }

    @Override
    public void negate(MemorySegment a, MemorySegment out) {
      ops.negate(a, out);
    }

    @Override
    public void multiply(Scratch scratch, MemorySegment a, MemorySegment b, MemorySegment out) {
      ops.multiply(scratch, a, b, out);
    }

    @Override
    public void multiply(Scratch scratch, MemorySegment a, PublicScalar b, MemorySegment out) {
      ops.multiply(scratch, a, b, out);
    }

    @Override
    public void add(MemorySegment a, PublicScalar b, MemorySegment out) {
      ops.add(a, b, out);
    }

    @Override
    public void negateUnless(int choice, MemorySegment a, MemorySegment out) {
      ops.negateUnless(choice, a, out);
    }

    @Override
    public boolean multiply(Scratch scratch, MemorySegment k, Element p, MemorySegment out) {
      return ops.multiply(scratch, k, p, out);
    }

    @Override
    public PublicScalar publish(MemorySegment scalar) {
      return ops.publish(scalar);
    }

    @Override
    public void sha512(Scratch scratch, MemorySegment message, MemorySegment out) {
      ops.sha512(scratch, message, out);
    }

    @Override
    public void sha256(Scratch scratch, MemorySegment message, MemorySegment out) {
      ops.sha256(scratch, message, out);
    }

    @Override
    public boolean multiplyBase(MemorySegment work, MemorySegment k, MemorySegment out) {
      return points.multiplyBase(work, k, out);
    }

    @Override
    public boolean multiplyPoint(
        MemorySegment work, MemorySegment k, MemorySegment point, MemorySegment out) {
      return points.multiplyPoint(work, k, point, out);
    }

    @Override
    public boolean decode(MemorySegment work, MemorySegment encoding, MemorySegment out) {
      return points.decode(work, encoding, out);
    }
  }
}
