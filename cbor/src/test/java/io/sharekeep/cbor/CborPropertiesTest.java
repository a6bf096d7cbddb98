package io.sharekeep.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CborPropertiesTest {
  static Stream<Arguments> profilesAndSeeds() {
    return Stream.of(CborProfile.values())
        .flatMap(p -> LongStream.range(0, 20).mapToObj(seed -> Arguments.of(p, seed)));
  }

  @ParameterizedTest(name = "{0} seed {1}")
  @MethodSource("profilesAndSeeds")
  void whatIsEncodedDecodesToTheSame(CborProfile profile, long seed) {
    var items = new RandomItems(seed, profile);
    for (int i = 0; i < 50; i++) {
      var item = items.draw();
      var bytes = CborEncoder.encode(profile, item);
      var decoded = CborDecoder.decode(profile, bytes, CborLimits.REPORT);
      assertEquals(new Decoded.Item(item), decoded);
      assertArrayEquals(bytes, CborEncoder.encode(profile, item));
    }
  }

  @ParameterizedTest(name = "{0} seed {1}")
  @MethodSource("profilesAndSeeds")
  void noPrefixAndNoExtensionIsADocument(CborProfile profile, long seed) {
    var bytes = CborEncoder.encode(profile, new RandomItems(seed, profile).draw());
    for (int length = 0; length < bytes.length; length++) {
      var prefix = Arrays.copyOf(bytes, length);
      assertInstanceOf(
          Decoded.Malformed.class, CborDecoder.decode(profile, prefix, CborLimits.REPORT));
    }
    for (int extra = 0; extra < 256; extra++) {
      var longer = Arrays.copyOf(bytes, bytes.length + 1);
      longer[bytes.length] = (byte) extra;
      assertInstanceOf(
          Decoded.Malformed.class, CborDecoder.decode(profile, longer, CborLimits.REPORT));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void aMutatedDocumentIsRefusedOrIsAnotherCanonicalOne(CborProfile profile) {
    var random = new SplittableRandom(8949);
    var originals =
        LongStream.range(0, 500)
            .mapToObj(seed -> CborEncoder.encode(profile, new RandomItems(seed, profile).draw()))
            .filter(bytes -> bytes.length < 1000)
            .toList();
    int accepted = 0;
    for (int i = 0; i < 50_000; i++) {
      var mutated = mutate(originals.get(i % originals.size()), random);
      switch (CborDecoder.decode(profile, mutated, CborLimits.REPORT)) {
        case Decoded.Item(var item) -> {
          accepted++;
          assertArrayEquals(mutated, CborEncoder.encode(profile, item));
        }
        case Decoded.Malformed(var reason, var offset) -> {
          assertNotEquals("", reason);
          assertTrue(offset >= 0 && offset <= mutated.length);
        }
      }
    }
    assertTrue(accepted > 1000, "the mutations reach documents too: " + accepted);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void randomBytesNeverThrow(CborProfile profile) {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 50_000; i++) {
      var bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (CborDecoder.decode(profile, bytes, CborLimits.REPORT) instanceof Decoded.Item(var item)) {
        assertArrayEquals(bytes, CborEncoder.encode(profile, item));
      }
    }
  }

  private static byte[] mutate(byte[] original, SplittableRandom random) {
    var bytes = original.clone();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at]++;
        default -> {
          var longer = new byte[bytes.length + 1];
          System.arraycopy(bytes, 0, longer, 0, at);
          longer[at] = (byte) random.nextInt();
          System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
          bytes = longer;
        }
      }
    }
    return bytes;
  }
}
