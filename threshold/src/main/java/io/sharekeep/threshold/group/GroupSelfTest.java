package io.sharekeep.threshold.group;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Whether a native group computes what it should, asked at every start: known answers, random
 * inputs against Java, zero, and points outside the prime-order subgroup. Its inputs protect
 * nothing, so they lie in plain memory.
 */
final class GroupSelfTest {
  private static final int CROSS_CHECKS = 32;
  private static final int TORSION_CHECKS = 64;
  private static final BigInteger P_25519 =
      BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /** A scalar in the group's byte order, and its multiple of the generator. */
  private record KnownAnswer(String scalar, String element) {}

  /** 2, n - 1, and BIP-340 test vector 1. */
  private static final List<KnownAnswer> SECP256K1 =
      List.of(
          new KnownAnswer(
              "0000000000000000000000000000000000000000000000000000000000000002",
              "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5"),
          new KnownAnswer(
              "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
              "0379be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
          new KnownAnswer(
              "b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef",
              "02dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba659"));

  /** 2, L - 1, and RFC 8032 section 7.1 test 1 (the clamped scalar mod L). */
  private static final List<KnownAnswer> ED25519 =
      List.of(
          new KnownAnswer(
              "0200000000000000000000000000000000000000000000000000000000000000",
              "c9a3f86aae465f0e56513864510f3997561fa2c9e85ea21dc2292309f3cd6022"),
          new KnownAnswer(
              "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
              "58666666666666666666666666666666666666666666666666666666666666e6"),
          new KnownAnswer(
              "7c2cac12e69be96ae9065065462385e8fcff2768d980c0a3a520f006904de90f",
              "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));

  private final Group candidate;
  private final Group reference;
  private final Randomness random;
  private final Scratch scratch = PlainSlab::new;

  GroupSelfTest(Group candidate, Group reference, Randomness random) {
    this.candidate = candidate;
    this.reference = reference;
    this.random = random;
  }

  /** The first check that fails, in words; empty if all hold. */
  Optional<String> failure() {
    return fails("known multiples of the generator", this::knownMultiplesHold)
        .or(() -> fails("known hashes", this::knownHashesHold))
        .or(() -> fails("zero", this::zeroIsRefused))
        .or(() -> fails("random inputs against Java", this::randomInputsAgree))
        .or(() ->
            fails(
                "a point outside the prime-order subgroup must be refused, CVE-2025-69277",
                this::torsionIsRefused));
  }

  private static Optional<String> fails(String name, BooleanSupplier check) {
    try {
      return check.getAsBoolean() ? Optional.empty() : Optional.of(name);
    } catch (LinkageError | RuntimeException e) {
      return Optional.of(name + " threw " + e.getClass().getSimpleName());
    }
  }

  private boolean knownMultiplesHold() {
    var answers =
        switch (candidate.id()) {
          case SECP256K1 -> SECP256K1;
          case ED25519 -> ED25519;
        };
    return answers.stream().allMatch(this::holds);
  }

  private boolean holds(KnownAnswer answer) {
    var expected = HexFormat.of().parseHex(answer.element);
    var scalar = HexFormat.of().parseHex(answer.scalar);
    try (var arena = Arena.ofConfined()) {
      return isElement(
              expected,
              candidate.secretOps().multiplyBase(scratch, arena.allocateFrom(JAVA_BYTE, scalar)))
          && isElement(
              expected,
              candidate
                  .publicOps()
                  .decodeScalar(scalar)
                  .flatMap(candidate.publicOps()::multiplyBase));
    }
  }

  private static boolean isElement(byte[] expected, Optional<Element> element) {
    return element.filter(e -> Arrays.equals(e.raw(), expected)).isPresent();
  }

  /** FIPS 180-4, "abc". */
  private boolean knownHashesHold() {
    try (var arena = Arena.ofConfined()) {
      var message = arena.allocateFrom(JAVA_BYTE, "abc".getBytes(US_ASCII));
      var sha512 = arena.allocate(64);
      var sha256 = arena.allocate(32);
      candidate.secretOps().sha512(scratch, message, sha512);
      candidate.secretOps().sha256(scratch, message, sha256);
      return hex(sha512)
              .equals(
                  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                      + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
          && hex(sha256).equals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
  }

  private boolean zeroIsRefused() {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(64).fill((byte) 1);
      var zero = arena.allocate(32);
      var publicZero = candidate.publicOps().scalar(0);
      var generator = candidate.publicOps().generator();
      return candidate.secretOps().multiplyBase(scratch, zero).isEmpty()
          && !candidate.secretOps().multiply(scratch, zero, generator, out)
          && out.mismatch(arena.allocate(64)) == -1
          && candidate.publicOps().multiplyBase(publicZero).isEmpty()
          && candidate.publicOps().multiply(publicZero, generator).isEmpty()
          && candidate
              .publicOps()
              .add(generator, candidate.publicOps().negate(generator))
              .isEmpty();
    }
  }

  private boolean randomInputsAgree() {
    for (int i = 0; i < CROSS_CHECKS; i++) {
      // Every backend of edwards25519 multiplies points by secrets in Java: what there is to find
      // is
      // that it does so at all, and code that is not compiled yet takes milliseconds for each.
      if (!agree(i == 0 || candidate.id() == GroupId.SECP256K1)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The expected values come from the reference's operations on public values: other code than a
   * backend's secret operations, even where it borrows those from Java, and much faster before it
   * is compiled.
   *
   * @param multiplying whether a point is multiplied by a secret, too
   */
  private boolean agree(boolean multiplying) {
    try (var arena = Arena.ofConfined()) {
      var a = arena.allocate(32);
      var b = arena.allocate(32);
      reference.secretOps().random(random, scratch, a);
      reference.secretOps().random(random, scratch, b);
      var expected = reference.publicOps();
      var p = expected.multiplyBase(reference.secretOps().publish(a)).orElseThrow();
      var multiple = expected.multiply(reference.secretOps().publish(b), p).orElseThrow();
      return candidate.secretOps().multiplyBase(scratch, a).equals(Optional.of(p))
          && candidate.publicOps().decode(p.encoded()).equals(Optional.of(p))
          && (!multiplying || Arrays.equals(multiple(arena, b, p), coordinates(multiple)))
          && sums(candidate, a, b, p).equals(sums(reference, a, b, p));
    }
  }

  private byte[] multiple(Arena arena, MemorySegment k, Element p) {
    var out = arena.allocate(64);
    if (!candidate.secretOps().multiply(scratch, k, p, out)) {
      throw new IllegalStateException("a scalar that is not zero was refused");
    }
    return out.toArray(JAVA_BYTE);
  }

  /** X ‖ Y in the group's byte order, as a secret multiple is given. */
  private static byte[] coordinates(Element element) {
    var coordinates = new byte[64];
    switch (element.group()) {
      case SECP256K1 -> {
        var point = WeierstrassPoint.of(element);
        point.x().encode(coordinates, 0);
        point.y().encode(coordinates, 32);
      }
      case ED25519 -> {
        var point = EdwardsPoint.of(element);
        point.x().encode(coordinates, 0);
        point.y().encode(coordinates, 32);
      }
    }
    return coordinates;
  }

  private static List<Optional<Element>> sums(
      Group group, MemorySegment a, MemorySegment b, Element p) {
    var ops = group.publicOps();
    var k = group.secretOps().publish(a);
    var l = group.secretOps().publish(b);
    var g = ops.generator();
    return List.of(
        ops.multiplyBase(l),
        ops.multiply(l, p),
        ops.add(p, g),
        Optional.of(ops.negate(p)),
        ops.linearCombination(
            List.of(k, ops.scalar(0), l, ops.scalar(1)), List.of(p, p, g, ops.negate(p))));
  }

  private boolean torsionIsRefused() {
    return switch (candidate.id()) {
      case SECP256K1 -> true; // its order is prime: there is nothing outside
      case ED25519 -> everyTorsionedPointIsRefused();
    };
  }

  private boolean everyTorsionedPointIsRefused() {
    try (var arena = Arena.ofConfined()) {
      var k = arena.allocate(32);
      for (int i = 0; i < TORSION_CHECKS; i++) {
        reference.secretOps().random(random, scratch, k);
        var p = candidate.secretOps().multiplyBase(scratch, k).orElseThrow();
        if (candidate.publicOps().decode(plusOrderTwo(p.raw())).isPresent()) {
          return false;
        }
      }
      return true;
    }
  }

  /** P + (0, -1) = (-x, -y): the sign bit flips, and y becomes p - y. */
  static byte[] plusOrderTwo(byte[] encoding) {
    var big = new byte[32];
    for (int i = 0; i < 32; i++) {
      big[31 - i] = encoding[i];
    }
    int sign = big[0] & 0x80;
    big[0] &= 0x7f;
    var y = P_25519.subtract(new BigInteger(1, big));
    var sum = new byte[32];
    for (int i = 0; i < 32; i++) {
      sum[i] = y.shiftRight(8 * i).byteValue();
    }
    sum[31] |= (byte) (sign ^ 0x80);
    return sum;
  }

  private static String hex(MemorySegment bytes) {
    return HexFormat.of().formatHex(bytes.toArray(JAVA_BYTE));
  }

  /** Memory for values that protect nothing. */
  private static final class PlainSlab implements Scratch.Slab {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment bytes;

    PlainSlab(long length) {
      this.bytes = arena.allocate(length, 64);
    }

    @Override
    public MemorySegment bytes() {
      return bytes;
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
