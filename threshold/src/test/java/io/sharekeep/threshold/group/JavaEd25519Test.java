package io.sharekeep.threshold.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class JavaEd25519Test extends Ed25519Conformance {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  JavaEd25519Test() {
    super(new JavaEd25519());
  }

  private static byte[] encoding(BigInteger y, boolean odd) {
    byte[] encoding = ScalarFieldTest.bytes(GroupId.ED25519, y);
    encoding[31] |= (byte) (odd ? 0x80 : 0);
    return encoding;
  }

  /** The subgroup check would hide a lax decompression: no y below 19 is in the subgroup. */
  @Test
  void decompressionIsStrictByItself() {
    for (int small = 0; small < 19; small++) {
      var y = BigInteger.valueOf(small);
      boolean onCurve = EdwardsReference.at(y).isPresent();
      assertEquals(onCurve, EdwardsPoint.decode(encoding(y, false)).isPresent(), "y = " + y);
      assertTrue(EdwardsPoint.decode(encoding(y.add(P), false)).isEmpty(), "y = p + " + y);
      assertTrue(EdwardsPoint.decode(encoding(y.add(P), true)).isEmpty(), "y = p + " + y);
    }
    for (var y : new BigInteger[] {BigInteger.ONE, P.subtract(BigInteger.ONE)}) {
      assertTrue(EdwardsPoint.decode(encoding(y, false)).isPresent());
      assertTrue(EdwardsPoint.decode(encoding(y, true)).isEmpty());
    }
  }
}
