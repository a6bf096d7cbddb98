package io.sharekeep.threshold.group;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.TestScratch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The native groups against the Java ones: every operation, every edge that a caller can reach. */
@LeavesNothing
final class NativeGroupsTest {
  private static final Groups NATIVE = Groups.open(seeded(20260320), Groups.Requirement.NATIVE);
  private static final Groups JAVA = Groups.java();

  static Randomness seeded(long seed) {
    var random = new SplittableRandom(seed);
    return out -> {
      var bytes = new byte[Math.toIntExact(out.byteSize())];
      random.nextBytes(bytes);
      MemorySegment.copy(bytes, 0, out, JAVA_BYTE, 0, bytes.length);
    };
  }

  static LongStream seeds() {
    return new SplittableRandom(20260911).longs(50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyOperationAgreesWithJava(long seed) {
    for (var id : GroupId.values()) {
      var random = new SplittableRandom(seed);
      var ours = NATIVE.of(id).publicOps();
      var theirs = JAVA.of(id).publicOps();
      var k = scalar(theirs, random);
      var l = scalar(theirs, random);
      var p = point(theirs, random);
      var r = random.nextInt(4) == 0 ? theirs.negate(p) : point(theirs, random);
      assertEquals(theirs.multiplyBase(k), ours.multiplyBase(k));
      assertEquals(theirs.multiply(k, p), ours.multiply(k, p));
      assertEquals(theirs.add(p, r), ours.add(p, r));
      assertEquals(theirs.add(p, p), ours.add(p, p));
      assertEquals(theirs.negate(p), ours.negate(p));
      assertEquals(Optional.of(p), ours.decode(p.encoded()));
      var g = ours.generator();
      assertEquals(theirs.generator(), g);
      for (var elements : List.of(List.of(p, r), List.of(p, g), List.of(g, g), List.of(p, p))) {
        assertEquals(
            theirs.linearCombination(List.of(k, l), elements),
            ours.linearCombination(List.of(k, l), elements));
        assertEquals(
            theirs.linearCombination(List.of(k, theirs.negate(k)), elements),
            ours.linearCombination(List.of(k, ours.negate(k)), elements));
      }
      secretOperationsAgree(id, k, p);
    }
  }

  private static void secretOperationsAgree(GroupId id, PublicScalar k, Element p) {
    try (var scratch = new TestScratch();
        var secret = scratch.holding(k.encoded());
        var ours = scratch.borrow(64);
        var theirs = scratch.borrow(64)) {
      var a = NATIVE.of(id).secretOps();
      var b = JAVA.of(id).secretOps();
      ours.bytes().fill((byte) 7);
      assertEquals(
          b.multiplyBase(scratch, secret.bytes()), a.multiplyBase(scratch, secret.bytes()));
      assertEquals(
          b.multiply(scratch, secret.bytes(), p, theirs.bytes()),
          a.multiply(scratch, secret.bytes(), p, ours.bytes()));
      assertEquals(-1, ours.bytes().mismatch(theirs.bytes()));
      assertEquals(k.isZero(), a.multiplyBase(scratch, secret.bytes()).isEmpty());
      a.sha512(scratch, secret.bytes(), ours.bytes());
      b.sha512(scratch, secret.bytes(), theirs.bytes());
      assertEquals(-1, ours.bytes().mismatch(theirs.bytes()));
      a.sha256(scratch, secret.bytes(), ours.bytes().asSlice(0, 32));
      b.sha256(scratch, secret.bytes(), theirs.bytes().asSlice(0, 32));
      assertEquals(-1, ours.bytes().mismatch(theirs.bytes()));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatDecodesIsWhatJavaDecodes(long seed) {
    var random = new SplittableRandom(seed);
    for (var id : GroupId.values()) {
      var encoding = new byte[id.elementLength()];
      random.nextBytes(encoding);
      if (id == GroupId.SECP256K1) {
        encoding[0] = (byte) random.nextInt(8);
      }
      assertEquals(
          JAVA.of(id).publicOps().decode(encoding), NATIVE.of(id).publicOps().decode(encoding));
      var p = point(JAVA.of(id).publicOps(), random);
      var near = p.encoded();
      near[random.nextInt(near.length)] ^= (byte) (1 << random.nextInt(8));
      assertEquals(JAVA.of(id).publicOps().decode(near), NATIVE.of(id).publicOps().decode(near));
    }
  }

  /** Small order (canonical and not), mixed order, y ≥ p, and -0. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "9599999999999999999999999999999999999999999999999999999999999919",
        "58666666666666666666666666666666666666666666666666666666666666",
        "5866666666666666666666666666666666666666666666666666666666666666" + "00",
        "",
      })
  void noOtherEd25519EncodingIsAnElement(String encoding) {
    var bytes = HexFormat.of().parseHex(encoding);
    assertTrue(NATIVE.ed25519().publicOps().decode(bytes).isEmpty());
    assertTrue(JAVA.ed25519().publicOps().decode(bytes).isEmpty());
  }

  /** Infinity, x ≥ p, x off the curve, hybrid and uncompressed forms, wrong lengths. */
  static Stream<String> noSecp256k1Elements() {
    var x = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    var y = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";
    return Stream.of(
        "00",
        "00".repeat(33),
        "02" + "00".repeat(32),
        "02" + "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
        "03" + "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30",
        "02" + "ff".repeat(32),
        "02" + "00".repeat(31) + "05",
        "04" + x,
        "06" + x,
        "00" + x,
        "82" + x,
        "04" + x + y,
        "06" + x + y,
        "02" + x.substring(2),
        "02" + x + "00",
        "");
  }

  @ParameterizedTest
  @MethodSource("noSecp256k1Elements")
  void noOtherSecp256k1EncodingIsAnElement(String encoding) {
    var bytes = HexFormat.of().parseHex(encoding);
    assertTrue(NATIVE.secp256k1().publicOps().decode(bytes).isEmpty());
    assertTrue(JAVA.secp256k1().publicOps().decode(bytes).isEmpty());
  }

  @Test
  void aSumThatPassesThroughTheIdentityIsWhole() {
    for (var id : GroupId.values()) {
      var ops = NATIVE.of(id).publicOps();
      var one = ops.scalar(1);
      var g = ops.generator();
      var p = ops.multiplyBase(ops.scalar(77)).orElseThrow();
      assertEquals(
          Optional.of(g),
          ops.linearCombination(List.of(one, one, one), List.of(p, ops.negate(p), g)));
      assertEquals(
          Optional.empty(), ops.linearCombination(List.of(one, ops.negate(one)), List.of(p, p)));
      assertEquals(Optional.empty(), ops.linearCombination(List.of(), List.of()));
    }
  }

  @Test
  void aManyTermedSumAgreesWithJava() {
    var random = new SplittableRandom(64);
    for (var id : GroupId.values()) {
      var scalars = new ArrayList<PublicScalar>();
      var elements = new ArrayList<Element>();
      for (int i = 0; i < 40; i++) {
        scalars.add(scalar(JAVA.of(id).publicOps(), random));
        elements.add(point(JAVA.of(id).publicOps(), random));
      }
      assertEquals(
          JAVA.of(id).publicOps().linearCombination(scalars, elements),
          NATIVE.of(id).publicOps().linearCombination(scalars, elements));
    }
  }

  @ParameterizedTest
  @EnumSource
  void operandsOfTheOtherGroupAndListsOfTwoLengthsAreBugs(GroupId id) {
    var ops = NATIVE.of(id).publicOps();
    var other = NATIVE.of(id == GroupId.ED25519 ? GroupId.SECP256K1 : GroupId.ED25519).publicOps();
    var one = ops.scalar(1);
    var g = ops.generator();
    assertThrows(IllegalArgumentException.class, () -> ops.multiply(one, other.generator()));
    assertThrows(IllegalArgumentException.class, () -> ops.multiply(other.scalar(1), g));
    assertThrows(IllegalArgumentException.class, () -> ops.multiplyBase(other.scalar(1)));
    assertThrows(IllegalArgumentException.class, () -> ops.add(g, other.generator()));
    assertThrows(IllegalArgumentException.class, () -> ops.negate(other.generator()));
    assertThrows(
        IllegalArgumentException.class, () -> ops.linearCombination(List.of(one), List.of(g, g)));
  }

  @Test
  void theOrderItselfIsRefusedByLibsecp256k1AndLeavesZero() {
    var order =
        HexFormat.of().parseHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    try (var scratch = new TestScratch();
        var secret = scratch.holding(order);
        var out = scratch.borrow(64)) {
      out.bytes().fill((byte) 9);
      var group = NATIVE.secp256k1();
      assertEquals(0, group.secretOps().isCanonical(secret.bytes()));
      assertTrue(group.secretOps().multiplyBase(scratch, secret.bytes()).isEmpty());
      assertFalse(
          group
              .secretOps()
              .multiply(scratch, secret.bytes(), group.publicOps().generator(), out.bytes()));
      assertArrayEquals(new byte[64], out.bytes().toArray(JAVA_BYTE));
    }
  }

  private static PublicScalar scalar(PublicOps ops, SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> ops.scalar(0);
      case 1 -> ops.scalar(1);
      case 2 -> ops.negate(ops.scalar(1));
      case 3 -> ops.scalar(random.nextLong() >>> 1);
      default -> {
        var wide = new byte[64];
        random.nextBytes(wide);
        yield ops.reduce(wide);
      }
    };
  }

  private static Element point(PublicOps ops, SplittableRandom random) {
    var wide = new byte[64];
    random.nextBytes(wide);
    return ops.multiplyBase(ops.reduce(wide)).orElseThrow();
  }
}
