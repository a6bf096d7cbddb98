package io.sharekeep.threshold.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.foreign.Sodium;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two witnesses: a multiplication by the order, bit by bit, and libsodium. */
class PointHalvingTest {
  @Test
  void pointsOfTheWholeCurveAreJudgedAsByMultiplicationWithTheOrder() {
    int inside = 0;
    for (var point : anyPoints(40)) {
      for (var multiple : List.of(point, times(2, point), times(4, point), times(8, point))) {
        boolean expected = timesOrder(multiple).isIdentity();
        assertEquals(expected, PointHalving.inPrimeSubgroup(multiple));
        inside += expected ? 1 : 0;
      }
    }
    assertTrue(inside >= 40, "eight times anything is inside");
  }

  @Test
  void libsodiumJudgesThemAlike() {
    try (var arena = Arena.ofConfined()) {
      var encoding = arena.allocate(32);
      for (var point : anyPoints(200)) {
        for (var multiple : List.of(point, times(2, point), times(4, point), times(8, point))) {
          encoding.copyFrom(MemorySegment.ofArray(multiple.encoded()));
          assertEquals(Sodium.ed25519IsValid(encoding), PointHalving.inPrimeSubgroup(multiple));
        }
      }
    }
  }

  @Test
  void ofAPointAndItsEightTranslatesByTorsionOneIsInside() {
    var torsion = torsion();
    assertEquals(8, torsion.stream().map(t -> bytes(t)).distinct().count());
    for (long k = 1; k <= 20; k++) {
      var inside = times(k, EdwardsTables.BASE);
      assertTrue(PointHalving.inPrimeSubgroup(inside));
      for (var t : torsion) {
        var translate = new EdwardsSum().set(inside).add(new EdwardsSum().set(t).addend()).affine();
        assertEquals(t.isIdentity(), PointHalving.inPrimeSubgroup(translate));
      }
    }
  }

  @Test
  void ofTheTorsionItselfOnlyTheIdentityIsInside() {
    for (var t : torsion()) {
      assertEquals(t.isIdentity(), PointHalving.inPrimeSubgroup(t));
    }
    assertFalse(torsion().stream().allMatch(EdwardsPoint::isIdentity));
  }

  private static List<Byte> bytes(EdwardsPoint point) {
    byte[] encoded = point.encoded();
    return IntStream.range(0, encoded.length).mapToObj(i -> encoded[i]).toList();
  }

  /** The eight points whose order divides eight. */
  private static List<EdwardsPoint> torsion() {
    var generator =
        anyPoints(60).stream()
            .map(PointHalvingTest::timesOrder)
            .filter(t -> !times(4, t).isIdentity())
            .findFirst()
            .orElseThrow();
    return Stream.iterate(1L, k -> k + 1).limit(8).map(k -> times(k, generator)).toList();
  }

  private static List<EdwardsPoint> anyPoints(int count) {
    var random = new SplittableRandom(1159);
    var points = new ArrayList<EdwardsPoint>();
    while (points.size() < count) {
      byte[] encoding = new byte[32];
      random.nextBytes(encoding);
      EdwardsPoint.decode(encoding).ifPresent(points::add);
    }
    return points;
  }

  private static EdwardsPoint timesOrder(EdwardsPoint point) {
    return times(Ed25519Scalars.ORDER, point);
  }

  private static EdwardsPoint times(long k, EdwardsPoint point) {
    return times(BigInteger.valueOf(k), point);
  }

  static EdwardsPoint times(BigInteger k, EdwardsPoint point) {
    var addend = new EdwardsSum().set(point).addend();
    var sum = new EdwardsSum();
    for (int bit = k.bitLength() - 1; bit >= 0; bit--) {
      sum.twice(true);
      if (k.testBit(bit)) {
        sum.add(addend);
      }
    }
    return sum.affine();
  }
}
