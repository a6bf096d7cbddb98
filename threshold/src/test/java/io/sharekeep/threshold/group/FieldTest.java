package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.ScalarFieldTest.integer;
import static io.sharekeep.threshold.group.ScalarFieldTest.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.TestScratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The coordinate fields of both groups, on objects and on slabs, against BigInteger. */
class FieldTest {
  private static final int CASES = 20_000;
  private static final BigInteger P25519 = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger PSECP =
      BigInteger.TWO.pow(256).subtract(BigInteger.TWO.pow(32)).subtract(BigInteger.valueOf(977));

  /** Limbs as they are, not reduced: edges that arithmetic alone would seldom reach. */
  private static List<long[]> operands(long seed, int bits, int topBits, long scale) {
    var random = new SplittableRandom(seed);
    long mask = (1L << bits) - 1;
    long top = (1L << topBits) - 1;
    var all = new ArrayList<long[]>();
    all.add(new long[5]);
    all.add(new long[] {1, 0, 0, 0, 0});
    // p - 1, p, p + 1 and the largest the bounds allow
    long low = bits == 51 ? mask - 18 : mask - (1L << 32) - 976;
    for (int i = -1; i <= 1; i++) {
      all.add(new long[] {low + i, mask, mask, mask, top});
    }
    all.add(new long[] {mask, mask, mask, mask, top});
    all.add(new long[] {scale * mask, scale * mask, scale * mask, scale * mask, scale * top});
    while (all.size() < CASES) {
      long[] limbs = new long[5];
      for (int i = 0; i < 5; i++) {
        long limit = scale * (i == 4 ? top : mask);
        limbs[i] =
            switch (random.nextInt(8)) {
              case 0 -> 0;
              case 1 -> limit;
              default -> random.nextLong(limit + 1);
            };
      }
      all.add(limbs);
    }
    return all;
  }

  private static BigInteger value(long[] limbs, int bits) {
    var value = BigInteger.ZERO;
    for (int i = 4; i >= 0; i--) {
      value = value.shiftLeft(bits).add(BigInteger.valueOf(limbs[i]));
    }
    return value;
  }

  private static void put(MemorySegment w, long at, long[] limbs) {
    MemorySegment.copy(limbs, 0, w, ValueLayout.JAVA_LONG, at, 5);
  }

  private static long[] limbs(MemorySegment w, long at) {
    return w.asSlice(at, 40).toArray(ValueLayout.JAVA_LONG);
  }

  private static void carried(long[] limbs, int bits, int topBits) {
    for (int i = 0; i < 5; i++) {
      int width = i == 4 ? topBits : bits;
      long slack = i == 4 && bits == 52 ? 1L << 6 : 1L << (bits == 51 ? 17 : 38);
      assertTrue(limbs[i] >= 0 && limbs[i] < (1L << width) + slack, () -> "limb " + limbs[4]);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {20260101})
  void slabElementsMod25519AgreeWithBigInteger(long seed) {
    var operands = operands(seed, 51, 51, 4);
    try (var scratch = new TestScratch();
        var work = scratch.borrow(400);
        var bytes = scratch.borrow(32)) {
      var w = work.bytes();
      for (int i = 0; i < CASES; i++) {
        long[] a = operands.get(i);
        long[] b = operands.get(i < 49 ? i % 7 : CASES - 1 - i);
        a = i < 49 ? operands.get(i / 7) : a;
        var x = value(a, 51);
        var y = value(b, 51);
        put(w, 0, a);
        put(w, 40, b);
        SlabField25519.multiply(w, 80, 0, 40);
        check25519(w, bytes.bytes(), x.multiply(y));
        SlabField25519.square(w, 80, 0);
        check25519(w, bytes.bytes(), x.multiply(x));
        // A difference takes half of what a product does.
        long[] half = new long[5];
        for (int j = 0; j < 5; j++) {
          half[j] = b[j] / 2;
        }
        put(w, 120, half);
        SlabField25519.subtract(w, 80, 0, 120);
        check25519(w, bytes.bytes(), x.subtract(value(half, 51)));
        SlabField25519.add(w, 80, 0, 40);
        assertEquals(x.add(y), value(limbs(w, 80), 51));
        put(w, 80, a);
        assertEquals(x.mod(P25519).signum() == 0 ? 1 : 0, SlabField25519.isZero(w, 80));
        if (i % 400 < 7) {
          SlabField25519.invert(w, 80, 0, 160);
          var inverse = x.modPow(P25519.subtract(BigInteger.TWO), P25519);
          check25519(w, bytes.bytes(), inverse);
        }
      }
    }
  }

  private static void check25519(MemorySegment w, MemorySegment bytes, BigInteger expected) {
    carried(limbs(w, 80), 51, 51);
    SlabField25519.encode(w, 80, bytes, 0);
    assertEquals(expected.mod(P25519), integer(GroupId.ED25519, read(bytes)));
  }

  @ParameterizedTest
  @ValueSource(longs = {20260101})
  void slabElementsModSecp256k1AgreeWithBigInteger(long seed) {
    var operands = operands(seed, 52, 48, 8);
    try (var scratch = new TestScratch();
        var work = scratch.borrow(480);
        var bytes = scratch.borrow(32)) {
      var w = work.bytes();
      for (int i = 0; i < CASES; i++) {
        long[] a = i < 49 ? operands.get(i / 7) : operands.get(i);
        long[] b = operands.get(i < 49 ? i % 7 : CASES - 1 - i);
        var x = value(a, 52);
        var y = value(b, 52);
        put(w, 0, a);
        put(w, 40, b);
        SlabFieldSecp256k1.multiply(w, 80, 0, 40);
        checkSecp256k1(w, bytes.bytes(), x.multiply(y));
        SlabFieldSecp256k1.square(w, 80, 0);
        checkSecp256k1(w, bytes.bytes(), x.multiply(x));
        long[] part = new long[5];
        for (int j = 0; j < 5; j++) {
          part[j] = b[j] / 8 * 3;
        }
        put(w, 120, part);
        SlabFieldSecp256k1.subtract(w, 80, 0, 120);
        checkSecp256k1(w, bytes.bytes(), x.subtract(value(part, 52)));
        SlabFieldSecp256k1.multiplySmall(w, 80, 120, 21);
        checkSecp256k1(w, bytes.bytes(), value(part, 52).multiply(BigInteger.valueOf(21)));
        SlabFieldSecp256k1.add(w, 80, 0, 40);
        assertEquals(x.add(y), value(limbs(w, 80), 52));
        put(w, 80, a);
        assertEquals(x.mod(PSECP).signum() == 0 ? 1 : 0, SlabFieldSecp256k1.isZero(w, 80));
        if (i % 400 < 7) {
          SlabFieldSecp256k1.invert(w, 80, 0, 160);
          var inverse = x.modPow(PSECP.subtract(BigInteger.TWO), PSECP);
          checkSecp256k1(w, bytes.bytes(), inverse);
        }
      }
    }
  }

  private static void checkSecp256k1(MemorySegment w, MemorySegment bytes, BigInteger expected) {
    carried(limbs(w, 80), 52, 48);
    SlabFieldSecp256k1.encode(w, 80, bytes, 0);
    assertEquals(expected.mod(PSECP), integer(GroupId.SECP256K1, read(bytes)));
  }

  private static List<BigInteger> values(long seed, BigInteger p) {
    var random = new SplittableRandom(seed);
    var all = new ArrayList<BigInteger>();
    for (int i = 0; i < 4; i++) {
      all.add(BigInteger.valueOf(i));
      all.add(p.subtract(BigInteger.valueOf(i + 1)));
    }
    while (all.size() < CASES / 2) {
      byte[] draw = new byte[40];
      random.nextBytes(draw);
      all.add(new BigInteger(1, draw).mod(p));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(longs = {20260101})
  void objectsMod25519AgreeWithBigInteger(long seed) {
    var values = values(seed, P25519);
    var four = BigInteger.valueOf(4);
    for (int i = 0; i < values.size(); i++) {
      var x = i < 64 ? values.get(i / 8) : values.get(i);
      var y = i < 64 ? values.get(i % 8) : values.get(values.size() - 1 - i);
      var a = FieldElement25519.of(x);
      var b = FieldElement25519.of(y);
      var twice = new FieldElement25519().add(b, b);
      var sum = new FieldElement25519().add(a, a);
      sum.add(sum, sum); // four times a, not carried
      var out = new FieldElement25519();
      assertEquals(x.multiply(y).multiply(four).mod(P25519), read25519(out.multiply(sum, b)));
      assertEquals(x.pow(2).shiftLeft(4).mod(P25519), read25519(out.square(sum)));
      var difference = x.shiftLeft(2).subtract(y.shiftLeft(1)).mod(P25519);
      assertEquals(difference, read25519(out.subtract(sum, twice)));
      if (i % 100 < 8) {
        var inverse = x.modPow(P25519.subtract(BigInteger.TWO), P25519);
        assertEquals(inverse, read25519(out.invert(a)));
        checkRoot(x, y, a, b);
      }
    }
  }

  private static void checkRoot(
      BigInteger x, BigInteger y, FieldElement25519 a, FieldElement25519 b) {
    if (y.signum() == 0) {
      return;
    }
    var ratio = x.multiply(y.modInverse(P25519)).mod(P25519);
    boolean square = ratio.modPow(P25519.shiftRight(1), P25519).compareTo(BigInteger.ONE) <= 0;
    var root = new FieldElement25519();
    assertEquals(square, root.rootOfRatio(a, b));
    if (square) {
      assertEquals(ratio, read25519(root.square(root)));
    }
  }

  private static BigInteger read25519(FieldElement25519 a) {
    byte[] encoding = new byte[32];
    a.encode(encoding, 0);
    return integer(GroupId.ED25519, encoding);
  }

  @ParameterizedTest
  @ValueSource(longs = {20260101})
  void objectsModSecp256k1AgreeWithBigInteger(long seed) {
    var values = values(seed, PSECP);
    var four = BigInteger.valueOf(4);
    for (int i = 0; i < values.size(); i++) {
      var x = i < 64 ? values.get(i / 8) : values.get(i);
      var y = i < 64 ? values.get(i % 8) : values.get(values.size() - 1 - i);
      var a = FieldElementSecp256k1.of(x);
      var b = FieldElementSecp256k1.of(y);
      var twice = new FieldElementSecp256k1().add(b, b);
      var sum = new FieldElementSecp256k1().add(a, a);
      sum.add(sum, sum); // four times a, not carried
      var out = new FieldElementSecp256k1();
      assertEquals(x.multiply(y).multiply(four).mod(PSECP), readSecp256k1(out.multiply(sum, b)));
      assertEquals(x.pow(2).shiftLeft(4).mod(PSECP), readSecp256k1(out.square(sum)));
      var difference = x.shiftLeft(2).subtract(y.shiftLeft(1)).mod(PSECP);
      assertEquals(difference, readSecp256k1(out.subtract(sum, twice)));
      assertEquals(
          x.multiply(BigInteger.valueOf(8)).mod(PSECP), readSecp256k1(out.multiplySmall(a, 8)));
      if (i % 100 < 8) {
        var inverse = x.modPow(PSECP.subtract(BigInteger.TWO), PSECP);
        assertEquals(inverse, readSecp256k1(out.invert(a)));
        boolean square = x.modPow(PSECP.shiftRight(1), PSECP).compareTo(BigInteger.ONE) <= 0;
        assertEquals(square, out.root(a));
        if (square) {
          assertEquals(x, readSecp256k1(out.square(out)));
        }
      }
    }
  }

  private static BigInteger readSecp256k1(FieldElementSecp256k1 a) {
    byte[] encoding = new byte[32];
    a.encode(encoding, 0);
    return integer(GroupId.SECP256K1, encoding);
  }

  @Test
  void onlyEncodingsBelowThePrimeDecode() {
    for (int i = -20; i < 19; i++) {
      byte[] encoding = ScalarFieldTest.bytes(GroupId.ED25519, P25519.add(BigInteger.valueOf(i)));
      assertEquals(i < 0, new FieldElement25519().decode(encoding, 0));
    }
    for (long i : new long[] {-2, -1, 0, 1, 977, (1L << 32) + 976}) {
      byte[] encoding = ScalarFieldTest.bytes(GroupId.SECP256K1, PSECP.add(BigInteger.valueOf(i)));
      assertEquals(i < 0, new FieldElementSecp256k1().decode(encoding, 0));
    }
    assertFalse(new FieldElement25519().set(2).isZero());
  }
}
