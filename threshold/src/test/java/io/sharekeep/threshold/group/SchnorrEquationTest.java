package io.sharekeep.threshold.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Schnorr's equation on edwards25519 by half-size scalars, against the equation as it stands. */
class SchnorrEquationTest {
  private static final BigInteger ORDER = Ed25519Scalars.ORDER;
  private static final PublicOps OPS = new Ed25519PublicOps();

  /** The points of order 8, 4 and 2, in this order, and two more of order 8. */
  private static final List<String> SMALL_ORDER =
      List.of(
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "0000000000000000000000000000000000000000000000000000000000000000",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

  private static final int RANDOM = 600;

  private final SplittableRandom random = new SplittableRandom(41);

  private PublicScalar scalar() {
    var wide = new byte[64];
    random.nextBytes(wide);
    return OPS.reduce(wide);
  }

  private static PublicScalar scalar(BigInteger value) {
    var encoding = new byte[32];
    for (int i = 0; i < 32; i++) {
      encoding[i] = value.shiftRight(8 * i).byteValue();
    }
    return OPS.decodeScalar(encoding).orElseThrow();
  }

  /** Scalars at which Euclid's algorithm ends early, late or with large quotients, and others. */
  private List<PublicScalar> scalars() {
    var scalars = new ArrayList<PublicScalar>();
    for (int i = 0; i < RANDOM; i++) {
      scalars.add(scalar());
    }
    for (int bits : new int[] {0, 1, 2, 31, 62, 63, 64, 95, 126, 127, 128, 129, 190, 220, 251}) {
      var power = BigInteger.ONE.shiftLeft(bits);
      for (var value :
          List.of(
              power,
              power.subtract(BigInteger.ONE),
              ORDER.subtract(power),
              ORDER.divide(power),
              ORDER.divide(power.add(BigInteger.TWO)).add(BigInteger.ONE),
              power.modInverse(ORDER))) {
        scalars.add(scalar(value.mod(ORDER)));
      }
    }
    return scalars;
  }

  private static BigInteger integer(long[] limbs) {
    var value = BigInteger.ZERO;
    for (int i = 3; i >= 0; i--) {
      value = value.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(limbs[i])));
    }
    return value;
  }

  @Test
  void everyRatioIsTheScalarAndMostAreOfHalfItsSize() {
    var whole = new ArrayList<PublicScalar>();
    int large = 0;
    var scalars = scalars();
    for (var c : scalars) {
      var ratio = HalfSizeRatio.of(ScalarField.ED25519.order(), ScalarField.ED25519.limbs(c));
      if (ratio.isEmpty()) {
        whole.add(c);
        continue;
      }
      var u = integer(ratio.get().u());
      var v = integer(ratio.get().v());
      var signed = ratio.get().negative() ? v.negate() : v;
      assertTrue(v.testBit(0), "v is even");
      assertEquals(
          u, signed.multiply(integer(ScalarField.ED25519.limbs(c))).mod(ORDER), c.toString());
      large += u.bitLength() > 135 || v.bitLength() > 135 ? 1 : 0;
    }
    assertTrue(whole.size() < 45, "too large quotients: " + whole.size() + " of " + scalars.size());
    assertEquals(0, scalars.subList(0, RANDOM).stream().filter(whole::contains).count());
    assertTrue(large < scalars.size() / 10, large + " are large");
  }

  @Test
  void whatHoldsIsFoundAndNothingElse() {
    for (var c : scalars()) {
      var p = OPS.multiplyBase(scalar()).orElseThrow();
      var s = scalar();
      byte[] r =
          OPS.linearCombination(List.of(s, OPS.negate(c)), List.of(OPS.generator(), p))
              .orElseThrow()
              .encoded();

      assertTrue(OPS.isDifference(s, c, p, r), c.toString());
      assertFalse(OPS.isDifference(OPS.add(s, OPS.scalar(1)), c, p, r), c.toString());
      assertFalse(OPS.isDifference(s, OPS.add(c, OPS.scalar(1)), p, r), c.toString());
      assertFalse(OPS.isDifference(s, c, OPS.negate(p), r) && !c.isZero(), c.toString());
      r[31] ^= (byte) 0x80;
      assertFalse(OPS.isDifference(s, c, p, r), c.toString());
    }
  }

  @Test
  void aDifferenceWithAPartOfSmallOrderIsNone() {
    for (int i = 0; i < 40; i++) {
      var c = scalar();
      var s = scalar();
      var p = OPS.multiplyBase(scalar()).orElseThrow();
      var r =
          OPS.linearCombination(List.of(s, OPS.negate(c)), List.of(OPS.generator(), p))
              .orElseThrow();
      for (var small : SMALL_ORDER) {
        var torsion = EdwardsPoint.decode(HexFormat.of().parseHex(small)).orElseThrow();
        var sum =
            new EdwardsSum()
                .set(EdwardsPoint.of(r))
                .add(new EdwardsSum().set(torsion).addend())
                .affine();
        assertFalse(OPS.isDifference(s, c, p, sum.encoded()), small);
      }
    }
  }

  @Test
  void theIdentityIsNeverADifference() {
    var c = scalar();
    var k = scalar();
    var p = OPS.multiplyBase(k).orElseThrow();
    var identity = new byte[32];
    identity[0] = 1;

    assertFalse(OPS.isDifference(OPS.multiply(c, k), c, p, identity));
  }

  @Test
  void whatDoesNotDecodeIsNoDifference() {
    var p = OPS.generator();
    assertFalse(OPS.isDifference(scalar(), scalar(), p, new byte[31]));
    var beyond = new byte[32];
    Arrays.fill(beyond, (byte) 0xff);
    assertFalse(OPS.isDifference(scalar(), scalar(), p, beyond));
  }
}
