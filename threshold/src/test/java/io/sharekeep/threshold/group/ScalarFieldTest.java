package io.sharekeep.threshold.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.TestScratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both halves of the scalar fields against BigInteger. */
class ScalarFieldTest {
  private static final long SEED = 20260101;
  private static final int CASES = 12_000;

  private static ScalarField field(GroupId group) {
    return switch (group) {
      case SECP256K1 -> ScalarField.SECP256K1;
      case ED25519 -> ScalarField.ED25519;
    };
  }

  static BigInteger order(GroupId group) {
    return switch (group) {
      case SECP256K1 -> Secp256k1Scalars.ORDER;
      case ED25519 -> Ed25519Scalars.ORDER;
    };
  }

  /** {@code length} bytes in the group's byte order. */
  static byte[] bytes(GroupId group, BigInteger value, int length) {
    byte[] out = new byte[length];
    for (int i = 0; i < length; i++) {
      byte octet = value.shiftRight(8 * i).byteValue();
      out[group == GroupId.ED25519 ? i : length - 1 - i] = octet;
    }
    return out;
  }

  static byte[] bytes(GroupId group, BigInteger value) {
    return bytes(group, value, 32);
  }

  static BigInteger integer(GroupId group, byte[] bytes) {
    var value = BigInteger.ZERO;
    for (int i = 0; i < bytes.length; i++) {
      int octet = bytes[group == GroupId.ED25519 ? bytes.length - 1 - i : i] & 255;
      value = value.shiftLeft(8).or(BigInteger.valueOf(octet));
    }
    return value;
  }

  /** Edges first: 0, 1, small, q-1, around half of q and the limb boundaries; then random ones. */
  private static List<BigInteger> operands(GroupId group, SplittableRandom random, int count) {
    var q = order(group);
    var all = new ArrayList<BigInteger>();
    for (long small = 0; small < 4; small++) {
      all.add(BigInteger.valueOf(small));
      all.add(q.subtract(BigInteger.valueOf(small + 1)));
      all.add(q.shiftRight(1).add(BigInteger.valueOf(small - 1)));
    }
    for (int bit = 63; bit < 256; bit += 64) {
      all.add(BigInteger.TWO.pow(bit).mod(q));
      all.add(BigInteger.TWO.pow(bit + 1).mod(q));
      all.add(BigInteger.TWO.pow(bit + 1).subtract(BigInteger.ONE).mod(q));
    }
    while (all.size() < count) {
      byte[] draw = new byte[40];
      random.nextBytes(draw);
      all.add(new BigInteger(1, draw).mod(q));
    }
    return all;
  }

  @ParameterizedTest(name = "{0}, seed 20260101")
  @EnumSource(GroupId.class)
  void theSecretAndThePublicHalfAgreeWithBigInteger(GroupId group) {
    var field = field(group);
    var q = order(group);
    var random = new SplittableRandom(SEED);
    var edges = operands(group, random, 24);
    var operands = operands(group, random, CASES);
    try (var scratch = new TestScratch();
        var a = scratch.borrow(32);
        var b = scratch.borrow(32);
        var out = scratch.borrow(32)) {
      for (int i = 0; i < CASES; i++) {
        // The first 576 cases pair every edge with every edge.
        boolean edge = i < edges.size() * edges.size();
        var x = edge ? edges.get(i / edges.size()) : operands.get(i);
        var y = edge ? edges.get(i % edges.size()) : operands.get(CASES - 1 - i / 2);
        var publicX = field.decode(bytes(group, x)).orElseThrow();
        var publicY = field.decode(bytes(group, y)).orElseThrow();
        write(a.bytes(), bytes(group, x));
        write(b.bytes(), bytes(group, y));

        byte[] sum = bytes(group, x.add(y).mod(q));
        field.add(a.bytes(), b.bytes(), out.bytes());
        assertArrayEquals(sum, read(out.bytes()));
        field.add(a.bytes(), publicY, out.bytes());
        assertArrayEquals(sum, read(out.bytes()));
        assertArrayEquals(sum, field.add(publicX, publicY).encoded());

        byte[] difference = bytes(group, x.subtract(y).mod(q));
        field.subtract(a.bytes(), b.bytes(), out.bytes());
        assertArrayEquals(difference, read(out.bytes()));
        assertArrayEquals(difference, field.subtract(publicX, publicY).encoded());

        byte[] product = bytes(group, x.multiply(y).mod(q));
        field.multiply(a.bytes(), b.bytes(), out.bytes());
        assertArrayEquals(product, read(out.bytes()));
        field.multiply(a.bytes(), publicY, out.bytes());
        assertArrayEquals(product, read(out.bytes()));
        assertArrayEquals(product, field.multiply(publicX, publicY).encoded());

        byte[] negative = bytes(group, x.negate().mod(q));
        field.negate(a.bytes(), out.bytes());
        assertArrayEquals(negative, read(out.bytes()));
        assertArrayEquals(negative, field.negate(publicX).encoded());
        field.negateUnless(0, a.bytes(), out.bytes());
        assertArrayEquals(negative, read(out.bytes()));
        field.negateUnless(1, a.bytes(), out.bytes());
        assertArrayEquals(bytes(group, x), read(out.bytes()));

        assertEquals(1, field.isCanonical(a.bytes()));
        assertEquals(x.signum() == 0 ? 1 : 0, field.isZero(a.bytes()));
        assertEquals(publicX, field.publish(a.bytes()));
        if (i % 16 == 0 && x.signum() != 0) {
          assertArrayEquals(bytes(group, x.modInverse(q)), field.invert(publicX).encoded());
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}, seed 20260101")
  @EnumSource(GroupId.class)
  void sixtyFourBytesReduceLikeBigInteger(GroupId group) {
    var field = field(group);
    var q = order(group);
    var random = new SplittableRandom(SEED);
    try (var scratch = new TestScratch();
        var wide = scratch.borrow(64);
        var out = scratch.borrow(32)) {
      for (int i = 0; i < CASES; i++) {
        byte[] draw = new byte[64];
        random.nextBytes(draw);
        var value =
            switch (i) {
              case 0 -> BigInteger.ZERO;
              case 1 -> BigInteger.TWO.pow(512).subtract(BigInteger.ONE);
              case 2 -> q;
              case 3 -> q.shiftLeft(256).subtract(BigInteger.ONE);
              case 4 -> BigInteger.TWO.pow(512).divide(q).multiply(q);
              case 5 -> BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
              default -> new BigInteger(1, draw);
            };
        byte[] expected = bytes(group, value.mod(q));
        write(wide.bytes(), bytes(group, value, 64));
        field.reduce(scratch, wide.bytes(), out.bytes());
        assertArrayEquals(expected, read(out.bytes()));
        assertArrayEquals(expected, field.reduce(bytes(group, value, 64)).encoded());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(GroupId.class)
  void valuesFromTheOrderUpAreNotCanonical(GroupId group) {
    var field = field(group);
    var top = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    try (var scratch = new TestScratch();
        var a = scratch.borrow(32)) {
      for (var value : List.of(order(group), order(group).add(BigInteger.ONE), top)) {
        write(a.bytes(), bytes(group, value));
        assertEquals(0, field.isCanonical(a.bytes()), value.toString());
        assertTrue(field.decode(bytes(group, value)).isEmpty(), value.toString());
        assertThrows(IllegalStateException.class, () -> field.publish(a.bytes()));
      }
      assertTrue(field.decode(new byte[31]).isEmpty());
      assertTrue(field.decode(new byte[33]).isEmpty());
      assertTrue(field.decode(new byte[32]).orElseThrow().isZero());
    }
  }

  @ParameterizedTest(name = "{0}, seed 20260101")
  @EnumSource(GroupId.class)
  void smallScalarsAndTheirNegativesInvertLikeBigInteger(GroupId group) {
    var field = field(group);
    var q = order(group);
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < 4000; i++) {
      long small = i < 300 ? i + 1 : (random.nextLong() >>> (1 + random.nextInt(62))) | 1;
      var value = BigInteger.valueOf(i == 300 ? Long.MAX_VALUE : small);
      for (var x : List.of(value, q.subtract(value))) {
        var inverse = field.invert(field.decode(bytes(group, x)).orElseThrow());
        assertArrayEquals(bytes(group, x.modInverse(q)), inverse.encoded());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(GroupId.class)
  void anOperandMayAlsoBeTheResult(GroupId group) {
    var field = field(group);
    var q = order(group);
    var x = q.subtract(BigInteger.valueOf(12345));
    try (var scratch = new TestScratch();
        var a = scratch.borrow(32)) {
      write(a.bytes(), bytes(group, x));
      field.multiply(a.bytes(), a.bytes(), a.bytes());
      assertArrayEquals(bytes(group, x.multiply(x).mod(q)), read(a.bytes()));
      write(a.bytes(), bytes(group, x));
      field.add(a.bytes(), a.bytes(), a.bytes());
      assertArrayEquals(bytes(group, x.add(x).mod(q)), read(a.bytes()));
      write(a.bytes(), bytes(group, x));
      field.subtract(a.bytes(), a.bytes(), a.bytes());
      assertEquals(1, field.isZero(a.bytes()));
    }
  }

  @ParameterizedTest
  @EnumSource(GroupId.class)
  void aRandomScalarIsDrawnAgainWhenItReducesToZero(GroupId group) {
    var field = field(group);
    var draws = new int[1];
    try (var scratch = new TestScratch();
        var out = scratch.borrow(32)) {
      field.random(
          bytes -> {
            // A draw of exactly q, then one of 2^512 - 1.
            var value =
                draws[0]++ == 0 ? order(group) : BigInteger.TWO.pow(512).subtract(BigInteger.ONE);
            write(bytes, bytes(group, value, 64));
          },
          scratch,
          out.bytes());
      assertEquals(2, draws[0]);
      assertEquals(0, field.isZero(out.bytes()));
    }
  }

  @ParameterizedTest
  @EnumSource(GroupId.class)
  void wrongLengthsGroupsAndZeroInversesAreRefused(GroupId group) {
    var field = field(group);
    var other = field(group == GroupId.ED25519 ? GroupId.SECP256K1 : GroupId.ED25519).scalar(7);
    try (var scratch = new TestScratch();
        var a = scratch.borrow(32);
        var longer = scratch.borrow(33)) {
      var ok = a.bytes();
      var bad = longer.bytes();
      assertThrows(IllegalArgumentException.class, () -> field.add(bad, ok, ok));
      assertThrows(IllegalArgumentException.class, () -> field.add(ok, bad, ok));
      assertThrows(IllegalArgumentException.class, () -> field.add(ok, ok, bad));
      assertThrows(IllegalArgumentException.class, () -> field.multiply(ok, bad, ok));
      assertThrows(IllegalArgumentException.class, () -> field.multiply(ok, other, ok));
      assertThrows(IllegalArgumentException.class, () -> field.reduce(scratch, ok, ok));
      assertThrows(IllegalArgumentException.class, () -> field.isCanonical(bad));
      assertThrows(IllegalArgumentException.class, () -> field.scalar(-1));
      assertThrows(ArithmeticException.class, () -> field.invert(field.scalar(0)));
    }
  }

  static void write(MemorySegment segment, byte[] bytes) {
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  static byte[] read(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }
}
