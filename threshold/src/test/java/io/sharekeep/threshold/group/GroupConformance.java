package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.ScalarFieldTest.bytes;
import static io.sharekeep.threshold.group.ScalarFieldTest.order;
import static io.sharekeep.threshold.group.ScalarFieldTest.read;
import static io.sharekeep.threshold.group.ScalarFieldTest.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch.Slab;
import io.sharekeep.threshold.TestScratch;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend of every group has to do. One subclass per backend. */
@LeavesNothing
abstract class GroupConformance {
  final TestScratch scratch = new TestScratch();
  final Group group;
  final SecretOps secret;
  final PublicOps open;
  final BigInteger q;

  GroupConformance(Group group) {
    this.group = group;
    this.secret = group.secretOps();
    this.open = group.publicOps();
    this.q = order(group.id());
  }

  /** P's uncompressed coordinates, as {@link SecretOps#multiply} gives them, by other code. */
  abstract byte[] coordinates(Element p);

  /** The encoding of k·G by code that is not ours. */
  abstract byte[] foreignMultiplyBase(BigInteger k);

  /** Encodings that must be refused, the identity and wrong lengths among them. */
  abstract List<byte[]> malformed();

  @AfterEach
  void everySlabIsGivenBack() {
    scratch.close();
  }

  static LongStream seeds() {
    return new SplittableRandom(20260101).longs(40);
  }

  static Randomness randomness(long seed) {
    var random = new SplittableRandom(seed);
    return segment -> {
      byte[] draw = new byte[(int) segment.byteSize()];
      random.nextBytes(draw);
      write(segment, draw);
    };
  }

  Slab slab(BigInteger scalar) {
    return scratch.holding(bytes(group.id(), scalar.mod(q)));
  }

  PublicScalar scalar(BigInteger value) {
    return open.decodeScalar(bytes(group.id(), value.mod(q))).orElseThrow();
  }

  BigInteger draw(SplittableRandom random) {
    byte[] wide = new byte[48];
    random.nextBytes(wide);
    return new BigInteger(1, wide).mod(q);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theScalarLawsHoldOnSlabs(long seed) {
    try (var a = scratch.borrow(32);
        var b = scratch.borrow(32);
        var c = scratch.borrow(32);
        var left = scratch.borrow(32);
        var right = scratch.borrow(32);
        var product = scratch.borrow(32)) {
      var randomness = randomness(seed);
      for (var slab : List.of(a, b, c)) {
        secret.random(randomness, scratch, slab.bytes());
        assertEquals(1, secret.isCanonical(slab.bytes()));
      }
      // a(b + c) = ab + ac
      secret.add(b.bytes(), c.bytes(), left.bytes());
      secret.multiply(scratch, a.bytes(), left.bytes(), left.bytes());
      secret.multiply(scratch, a.bytes(), b.bytes(), right.bytes());
      secret.multiply(scratch, a.bytes(), c.bytes(), product.bytes());
      secret.add(right.bytes(), product.bytes(), right.bytes());
      assertArrayEquals(read(left.bytes()), read(right.bytes()));
      // a - b = -(b - a), and negating twice is nothing
      secret.subtract(a.bytes(), b.bytes(), left.bytes());
      secret.subtract(b.bytes(), a.bytes(), right.bytes());
      secret.negateUnless(0, right.bytes(), right.bytes());
      assertArrayEquals(read(left.bytes()), read(right.bytes()));
      secret.negateUnless(1, right.bytes(), right.bytes());
      assertArrayEquals(read(left.bytes()), read(right.bytes()));
      // with a public operand
      var k = secret.publish(b.bytes());
      secret.multiply(scratch, a.bytes(), k, left.bytes());
      secret.add(left.bytes(), k, left.bytes());
      var expected = open.add(open.multiply(secret.publish(a.bytes()), k), k);
      assertEquals(expected, secret.publish(left.bytes()));
      assertEquals(open.scalar(1), open.multiply(k, open.invert(k)));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void secretAndPublicMultiplicationAgree(long seed) {
    var random = new SplittableRandom(seed);
    var base = open.multiplyBase(scalar(draw(random))).orElseThrow();
    for (var k : List.of(draw(random), draw(random).shiftRight(random.nextInt(250)).setBit(0))) {
      try (var slab = slab(k);
          var out = scratch.borrow(64)) {
        var byBase = secret.multiplyBase(scratch, slab.bytes()).orElseThrow();
        assertEquals(open.multiplyBase(scalar(k)).orElseThrow(), byBase);
        assertArrayEquals(foreignMultiplyBase(k), byBase.encoded());
        assertEquals(byBase, open.decode(byBase.encoded()).orElseThrow());

        assertTrue(secret.multiply(scratch, slab.bytes(), base, out.bytes()));
        var byElement = open.multiply(scalar(k), base).orElseThrow();
        assertArrayEquals(coordinates(byElement), read(out.bytes()));
      }
    }
  }

  @Test
  void theEdgesOfTheScalarsMultiply() {
    var edges = new ArrayList<BigInteger>();
    for (int i = 1; i <= 17; i++) {
      edges.add(BigInteger.valueOf(i));
      edges.add(q.subtract(BigInteger.valueOf(i)));
    }
    for (int bit = 4; bit < q.bitLength(); bit += 7) {
      edges.add(BigInteger.TWO.pow(bit));
      edges.add(BigInteger.TWO.pow(bit).subtract(BigInteger.ONE));
    }
    var element = open.multiplyBase(open.scalar(7)).orElseThrow();
    for (var k : edges) {
      try (var slab = slab(k);
          var out = scratch.borrow(64)) {
        var byBase = secret.multiplyBase(scratch, slab.bytes()).orElseThrow();
        assertArrayEquals(foreignMultiplyBase(k), byBase.encoded(), k.toString());
        assertEquals(open.multiplyBase(scalar(k)).orElseThrow(), byBase, k.toString());
        assertTrue(secret.multiply(scratch, slab.bytes(), element, out.bytes()));
        var sevenfold = open.multiplyBase(scalar(k.multiply(BigInteger.valueOf(7)))).orElseThrow();
        assertEquals(sevenfold, open.multiply(scalar(k), element).orElseThrow(), k.toString());
        assertArrayEquals(coordinates(sevenfold), read(out.bytes()), k.toString());
      }
    }
  }

  @Test
  void zeroIsAnAnswerAndNotAPoint() {
    try (var zero = scratch.borrow(32);
        var out = scratch.borrow(64)) {
      out.bytes().fill((byte) 0x5a);
      assertTrue(secret.multiplyBase(scratch, zero.bytes()).isEmpty());
      assertFalse(secret.multiply(scratch, zero.bytes(), open.generator(), out.bytes()));
      assertArrayEquals(new byte[64], read(out.bytes()));
      assertEquals(open.scalar(0), secret.publish(zero.bytes()));
    }
    assertTrue(open.multiplyBase(open.scalar(0)).isEmpty());
    assertTrue(open.multiply(open.scalar(0), open.generator()).isEmpty());
    assertTrue(open.linearCombination(List.of(), List.of()).isEmpty());
  }

  @ParameterizedTest(name = "{0} terms")
  @ValueSource(ints = {1, 2, 3, 4, 7, 16})
  void aLinearCombinationIsTheSumOfItsProducts(int terms) {
    var random = new SplittableRandom(terms);
    var scalars = new ArrayList<PublicScalar>();
    var elements = new ArrayList<Element>();
    var log = BigInteger.ZERO;
    for (int i = 0; i < terms; i++) {
      var k = i % 3 == 2 ? BigInteger.ZERO : draw(random);
      var p = i % 4 == 1 ? BigInteger.ONE : draw(random);
      scalars.add(scalar(k));
      // Decoded afresh, so that nothing is cached.
      var element = open.multiplyBase(scalar(p)).orElseThrow();
      elements.add(open.decode(element.encoded()).orElseThrow());
      log = log.add(k.multiply(p));
    }
    var expected = open.multiplyBase(scalar(log)).orElseThrow();
    assertEquals(expected, open.linearCombination(scalars, elements).orElseThrow());
    assertArrayEquals(foreignMultiplyBase(log.mod(q)), expected.encoded());
  }

  @Test
  void whatCancelsIsEmpty() {
    var p = open.multiplyBase(open.scalar(1234567)).orElseThrow();
    var minus = open.negate(p);
    assertEquals(p, open.negate(minus));
    assertTrue(open.add(p, minus).isEmpty());
    var one = open.scalar(1);
    var two = open.scalar(2);
    var doubled = open.multiply(two, p).orElseThrow();
    assertEquals(doubled, open.add(p, p).orElseThrow());
    assertEquals(p, open.add(doubled, minus).orElseThrow());
    assertTrue(open.linearCombination(List.of(two, two), List.of(p, minus)).isEmpty());
    assertTrue(
        open.linearCombination(List.of(two, open.negate(one)), List.of(p, doubled)).isEmpty());
    assertTrue(
        open.linearCombination(List.of(one, one), List.of(open.generator(), minusGenerator()))
            .isEmpty());
  }

  private Element minusGenerator() {
    return open.multiplyBase(open.negate(open.scalar(1))).orElseThrow();
  }

  @Test
  void whatIsNotAnElementIsRefused() {
    for (byte[] encoding : malformed()) {
      assertTrue(open.decode(encoding).isEmpty(), () -> Arrays.toString(encoding));
    }
    int length = group.id().elementLength();
    for (int wrong : new int[] {0, 1, length - 1, length + 1, 65}) {
      assertTrue(open.decode(new byte[wrong]).isEmpty());
      assertTrue(open.decode(Arrays.copyOf(open.generator().encoded(), wrong)).isEmpty());
    }
    assertTrue(open.decode(new byte[length]).isEmpty());
  }

  @Test
  void aDecodedElementIsACopy() {
    byte[] encoding = open.generator().encoded();
    var element = open.decode(encoding).orElseThrow();
    encoding[5] ^= 1;
    assertEquals(open.generator(), element);
    element.encoded()[5] ^= 1;
    assertEquals(open.generator(), element);
  }

  @Test
  void wrongLengthsAndForeignOperandsAreRefused() {
    var other = group.id() == GroupId.ED25519 ? new JavaSecp256k1() : new JavaEd25519();
    var foreign = other.publicOps().generator();
    var one = open.scalar(1);
    try (var k = slab(BigInteger.TEN);
        var out = scratch.borrow(64);
        var shorter = scratch.borrow(31)) {
      var bytes = k.bytes();
      assertThrows(
          IllegalArgumentException.class, () -> secret.multiplyBase(scratch, shorter.bytes()));
      assertThrows(
          IllegalArgumentException.class,
          () -> secret.multiply(scratch, shorter.bytes(), open.generator(), out.bytes()));
      assertThrows(
          IllegalArgumentException.class,
          () -> secret.multiply(scratch, bytes, open.generator(), shorter.bytes()));
      assertThrows(
          IllegalArgumentException.class,
          () -> secret.multiply(scratch, bytes, foreign, out.bytes()));
      assertThrows(
          IllegalArgumentException.class,
          () -> secret.multiply(scratch, bytes, other.publicOps().scalar(1), bytes));
      assertThrows(
          IllegalArgumentException.class, () -> secret.sha512(scratch, bytes, shorter.bytes()));
      assertThrows(
          IllegalArgumentException.class, () -> secret.sha256(scratch, bytes, shorter.bytes()));
    }
    assertThrows(IllegalArgumentException.class, () -> open.multiply(one, foreign));
    assertThrows(
        IllegalArgumentException.class,
        () -> open.multiply(other.publicOps().scalar(1), open.generator()));
    assertThrows(
        IllegalArgumentException.class,
        () -> open.linearCombination(List.of(one, one), List.of(open.generator())));
  }

  @Test
  void theHashesAgreeWithTheJdkAtEveryPadding() throws NoSuchAlgorithmException {
    var sha512 = MessageDigest.getInstance("SHA-512");
    var sha256 = MessageDigest.getInstance("SHA-256");
    var random = new SplittableRandom(20260101);
    for (int length = 0; length < 300; length++) {
      byte[] message = new byte[length];
      random.nextBytes(message);
      try (var memory = scratch.borrow(length + 1);
          var wide = scratch.borrow(64);
          var narrow = scratch.borrow(32)) {
        var slice = memory.bytes().asSlice(1); // not aligned to a word
        write(slice, message);
        secret.sha512(scratch, slice, wide.bytes());
        assertArrayEquals(sha512.digest(message), read(wide.bytes()));
        secret.sha256(scratch, slice, narrow.bytes());
        assertArrayEquals(sha256.digest(message), read(narrow.bytes()));
      }
    }
  }
}
