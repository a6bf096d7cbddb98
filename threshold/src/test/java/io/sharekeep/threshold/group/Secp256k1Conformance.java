package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.ScalarFieldTest.bytes;
import static io.sharekeep.threshold.group.ScalarFieldTest.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every backend of secp256k1 has to do. */
abstract class Secp256k1Conformance extends GroupConformance {
  private static final GroupId ID = GroupId.SECP256K1;
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
  private static final BigInteger P = CURVE.getCurve().getField().getCharacteristic();

  Secp256k1Conformance(Group group) {
    super(group);
  }

  private static ECPoint foreign(Element p) {
    return CURVE.getCurve().decodePoint(p.encoded());
  }

  @Override
  byte[] coordinates(Element p) {
    return Arrays.copyOfRange(foreign(p).getEncoded(false), 1, 65);
  }

  @Override
  byte[] foreignMultiplyBase(BigInteger k) {
    return CURVE.getG().multiply(k).getEncoded(true);
  }

  @Override
  List<byte[]> malformed() {
    var all = new ArrayList<byte[]>();
    byte[] g = open.generator().encoded();
    for (int prefix = 0; prefix < 256; prefix++) {
      if (prefix != 2 && prefix != 3) {
        byte[] encoding = g.clone();
        encoding[0] = (byte) prefix;
        all.add(encoding);
      }
    }
    // x from p up; p + 1 would be the curve's x = 1 if it were reduced.
    var top = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    for (var x : List.of(P, P.add(BigInteger.ONE), P.add(BigInteger.TWO), top)) {
      all.add(compressed(2, x));
      all.add(compressed(3, x));
    }
    // x = 5 and x = 0 are not on the curve.
    all.add(compressed(2, BigInteger.valueOf(5)));
    all.add(compressed(2, BigInteger.ZERO));
    all.add(CURVE.getG().getEncoded(false));
    all.add(new byte[] {0});
    return all;
  }

  private static byte[] compressed(int prefix, BigInteger x) {
    byte[] encoding = new byte[33];
    encoding[0] = (byte) prefix;
    System.arraycopy(bytes(ID, x), 0, encoding, 1, 32);
    return encoding;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void variableBaseMultiplicationAgreesWithBouncyCastle(long seed) {
    var random = new SplittableRandom(seed);
    var p = open.multiplyBase(scalar(draw(random))).orElseThrow();
    var k = draw(random);
    byte[] expected = foreign(p).multiply(k).getEncoded(false);
    try (var slab = slab(k);
        var out = scratch.borrow(64)) {
      assertTrue(secret.multiply(scratch, slab.bytes(), p, out.bytes()));
      assertArrayEquals(Arrays.copyOfRange(expected, 1, 65), read(out.bytes()));
    }
    var product = open.multiply(scalar(k), p).orElseThrow();
    assertArrayEquals(foreign(p).multiply(k).getEncoded(true), product.encoded());
    assertEquals((expected[64] & 1) == 1, product.hasOddY());
  }

  /** 2G and 3G, and (q-1)/2·G = -((q+1)/2)·G, whose x is the well-known short one. */
  @ParameterizedTest
  @CsvSource({
    "2,02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5",
    "3,02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9",
    "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0,"
        + "0200000000000000000000003b78ce563f89a0ed9414f5aa28ad0d96d6795f9c63"
  })
  void knownMultiplesOfTheGeneratorComeOut(String k, String expected) {
    try (var slab = slab(new BigInteger(k, 16))) {
      var element = secret.multiplyBase(scratch, slab.bytes()).orElseThrow();
      assertEquals(expected.substring(2), element.toString().substring(2));
    }
  }
}
