package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.ScalarFieldTest.bytes;
import static io.sharekeep.threshold.group.ScalarFieldTest.integer;
import static io.sharekeep.threshold.group.ScalarFieldTest.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every backend of Ed25519 has to do. */
abstract class Ed25519Conformance extends GroupConformance {
  private static final GroupId ID = GroupId.ED25519;
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  Ed25519Conformance(Group group) {
    super(group);
  }

  @Override
  byte[] coordinates(Element p) {
    byte[] encoding = p.encoded();
    boolean odd = encoding[31] < 0;
    encoding[31] &= 127;
    var y = integer(ID, encoding);
    var x = EdwardsReference.x(y, odd);
    byte[] both = Arrays.copyOf(bytes(ID, x), 64);
    System.arraycopy(encoding, 0, both, 32, 32);
    return both;
  }

  @Override
  byte[] foreignMultiplyBase(BigInteger k) {
    return EdwardsReference.BASE.multiply(k).encoded();
  }

  /** The eight points of small order, those whose encoding is canonical. */
  static List<EdwardsReference> smallOrder() {
    // 4.2 of RFC 8032 gives the cofactor; a point of order 8 is L·P for a P off the subgroup.
    var torsion = new ArrayList<EdwardsReference>();
    for (long y = 2; torsion.isEmpty(); y++) {
      var point = EdwardsReference.at(BigInteger.valueOf(y));
      var candidate = point.map(p -> p.multiply(Ed25519Scalars.ORDER));
      if (candidate.isPresent() && !candidate.get().multiply(BigInteger.valueOf(4)).isIdentity()) {
        for (int i = 0; i < 8; i++) {
          torsion.add(candidate.get().multiply(BigInteger.valueOf(i)));
        }
      }
    }
    return torsion;
  }

  @Override
  List<byte[]> malformed() {
    var all = new ArrayList<byte[]>();
    smallOrder().forEach(point -> all.add(point.encoded()));
    // Every y from p to 2^255 - 1, with both signs: none is canonical.
    for (int i = 0; i < 19; i++) {
      byte[] encoding = bytes(ID, P.add(BigInteger.valueOf(i)));
      all.add(encoding.clone());
      encoding[31] |= (byte) 0x80;
      all.add(encoding);
    }
    // x = 0 with the sign bit: y = 1 and y = -1.
    for (var y : List.of(BigInteger.ONE, P.subtract(BigInteger.ONE))) {
      byte[] encoding = bytes(ID, y);
      encoding[31] |= (byte) 0x80;
      all.add(encoding);
    }
    // The published invalid element of the FROST vectors, and y without an x.
    all.add(
        HexFormat.of()
            .parseHex("123456f9e9d319cad973b84cc4c835c8ee73281f5e2638d2d2b352c09edccbfb"));
    for (long y = 2; y < 40; y++) {
      if (EdwardsReference.at(BigInteger.valueOf(y)).isEmpty()) {
        all.add(bytes(ID, BigInteger.valueOf(y)));
      }
    }
    return all;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aPointWithATorsionPartIsRefused(long seed) {
    var random = new SplittableRandom(seed);
    var point = EdwardsReference.BASE.multiply(draw(random).add(BigInteger.ONE));
    var torsion = smallOrder();
    assertEquals(
        8, torsion.stream().map(t -> HexFormat.of().formatHex(t.encoded())).distinct().count());
    for (int i = 0; i < 8; i++) {
      byte[] encoding = point.add(torsion.get(i)).encoded();
      assertEquals(i == 0, open.decode(encoding).isPresent(), "plus torsion point " + i);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void variableBaseMultiplicationAgreesWithX25519OfBouncyCastle(long seed) {
    var random = new SplittableRandom(seed);
    byte[] clamped = new byte[32];
    random.nextBytes(clamped);
    clamped[0] &= (byte) 248;
    clamped[31] = (byte) ((clamped[31] & 63) | 64);
    var p = open.multiplyBase(scalar(draw(random))).orElseThrow();
    byte[] expected = new byte[32];
    X25519.scalarMult(clamped, 0, montgomeryU(p.encoded()), 0, expected, 0);

    var k = integer(ID, clamped).mod(q);
    try (var slab = slab(k);
        var out = scratch.borrow(64)) {
      assertTrue(secret.multiply(scratch, slab.bytes(), p, out.bytes()));
      assertArrayEquals(expected, montgomeryU(Arrays.copyOfRange(read(out.bytes()), 32, 64)));
    }
    var product = open.multiply(scalar(k), p).orElseThrow();
    assertArrayEquals(expected, montgomeryU(product.encoded()));
  }

  /** u = (1 + y)/(1 - y), RFC 7748 section 4.1. */
  private static byte[] montgomeryU(byte[] encoding) {
    byte[] bare = encoding.clone();
    bare[31] &= 127;
    var y = integer(ID, bare);
    var u = BigInteger.ONE.add(y).multiply(BigInteger.ONE.subtract(y).modInverse(P)).mod(P);
    return bytes(ID, u);
  }

  /** RFC 8032 section 7.1, tests 1 to 3. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
  })
  void thePublicKeysOfRfc8032ComeOut(String seed, String publicKey) {
    try (var key = scratch.holding(HexFormat.of().parseHex(seed));
        var hash = scratch.borrow(64)) {
      secret.sha512(scratch, key.bytes(), hash.bytes());
      byte[] clamped = Arrays.copyOf(read(hash.bytes()), 32);
      clamped[0] &= (byte) 248;
      clamped[31] = (byte) ((clamped[31] & 63) | 64);
      try (var k = slab(integer(ID, clamped))) {
        var element = secret.multiplyBase(scratch, k.bytes()).orElseThrow();
        assertEquals(publicKey, element.toString());
      }
    }
  }
}
