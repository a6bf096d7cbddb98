package io.sharekeep.threshold.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.ModelGroup;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TaggedHashTest {
  private static final BigInteger SECP256K1_ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final BigInteger ED25519_ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  @Test
  void tagsAreAsciiShortAndUnique() {
    var seen = new HashSet<String>();
    for (var tag : Tag.values()) {
      assertTrue(tag.label().startsWith("SHAREKEEP-V1/"));
      assertTrue(tag.label().chars().allMatch(c -> c > 0x20 && c < 0x7f), tag.label());
      assertTrue(tag.label().length() <= 100, tag.label());
      assertTrue(seen.add(tag.label()), tag.label());
    }
  }

  @Test
  void itIsSha512OverTheTagsBlockAndPrefixedArguments() throws GeneralSecurityException {
    var expected = new ByteArrayOutputStream();
    expected.writeBytes(Arrays.copyOf("SHAREKEEP-V1/sid".getBytes(StandardCharsets.US_ASCII), 128));
    expected.writeBytes(ByteBuffer.allocate(8).putLong(3).array());
    expected.writeBytes(new byte[] {1, 2, 3});
    expected.writeBytes(ByteBuffer.allocate(8).putLong(8).array());
    expected.writeBytes(ByteBuffer.allocate(8).putLong(258).array());
    var hash = MessageDigest.getInstance("SHA-512").digest(expected.toByteArray());

    assertArrayEquals(
        hash, TaggedHash.of(Tag.SESSION).bytes(new byte[] {1, 2, 3}).integer(258).full());
    assertArrayEquals(
        Arrays.copyOf(hash, 32),
        TaggedHash.of(Tag.SESSION).bytes(new byte[] {1, 2, 3}).integer(258).digest().toArray());
  }

  static LongStream seeds() {
    return new SplittableRandom(20261122).longs(50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void movingABoundaryBetweenArgumentsChangesTheHash(long seed) {
    var random = new SplittableRandom(seed);
    var whole = new byte[2 + random.nextInt(64)];
    random.nextBytes(whole);
    int cut = 1 + random.nextInt(whole.length - 1);

    assertNotEquals(
        TaggedHash.of(Tag.VIEW).bytes(whole).digest(),
        TaggedHash.of(Tag.VIEW)
            .bytes(Arrays.copyOf(whole, cut))
            .bytes(Arrays.copyOfRange(whole, cut, whole.length))
            .digest());
  }

  @Test
  void everyTagIsADomainOfItsOwn() {
    var seen = new HashSet<Octets>();
    for (var tag : Tag.values()) {
      assertTrue(seen.add(TaggedHash.of(tag).integer(1).digest()));
    }
  }

  @ParameterizedTest
  @EnumSource(GroupId.class)
  void aScalarIsTheWholeHashAsABigEndianIntegerInEitherGroup(GroupId id) {
    var order = id == GroupId.ED25519 ? ED25519_ORDER : SECP256K1_ORDER;
    for (int i = 0; i < 20; i++) {
      var wide = new BigInteger(1, TaggedHash.of(Tag.PROOF_OF_POSSESSION).integer(i).full());
      var scalar =
          TaggedHash.of(Tag.PROOF_OF_POSSESSION)
              .integer(i)
              .scalar(id, new ModelGroup(id).publicOps())
              .encoded();
      if (id == GroupId.ED25519) {
        for (int k = 0; k < 16; k++) {
          byte swapped = scalar[k];
          scalar[k] = scalar[31 - k];
          scalar[31 - k] = swapped;
        }
      }
      assertEquals(wide.mod(order), new BigInteger(1, scalar));
    }
  }
}
