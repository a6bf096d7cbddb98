package io.sharekeep.threshold.foreign;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NativeLibraryTest {
  static LongStream seeds() {
    return new SplittableRandom(20260256).longs(20);
  }

  @Test
  void bothLibrariesAreThere() {
    assertInstanceOf(NativeLibrary.Loaded.class, SodiumLibrary.load());
    assertInstanceOf(NativeLibrary.Loaded.class, Secp256k1Library.load());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aCarriedLibraryWithOneFlippedBitIsRefused(long seed) throws IOException {
    var random = new SplittableRandom(seed);
    var image = carried();
    image[random.nextInt(image.length)] ^= (byte) (1 << random.nextInt(8));
    assertMissing(
        "SHA-256 differs", NativeLibrary.ofImage(image, "lib", Secp256k1Library.sha256()));
  }

  @Test
  void aCarriedLibraryWithBytesAppendedOrCutOffIsRefused() throws IOException {
    var image = carried();
    for (int length : new int[] {0, image.length - 1, image.length + 1}) {
      var other = Arrays.copyOf(image, length);
      assertMissing(
          "SHA-256 differs", NativeLibrary.ofImage(other, "lib", Secp256k1Library.sha256()));
    }
  }

  @Test
  void aCarriedFileThatIsNoLibraryIsRefusedWithoutATrace() {
    // SHA-256 of nothing: the pin holds, the loader must still say no.
    assertMissing(
        "cannot be loaded",
        NativeLibrary.ofImage(
            new byte[0],
            "lib",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  }

  @Test
  void anAbsentResourceIsAReason() {
    assertMissing(
        "not on the module path",
        NativeLibrary.ofResource(
            NativeLibraryTest.class.getClassLoader(), "no/such.so", Secp256k1Library.sha256()));
  }

  @Test
  void anAbsentSystemLibrarySaysWhatToInstall() {
    var library =
        NativeLibrary.ofSystem(
            List.of(Path.of("/usr/lib")), "libsodium-absent.so.23", "install libsodium23");
    assertMissing("install libsodium23", library);
    assertThrows(IllegalStateException.class, library::required);
  }

  private static void assertMissing(String reason, NativeLibrary library) {
    var missing = assertInstanceOf(NativeLibrary.Missing.class, library);
    assertTrue(missing.reason().contains(reason), missing::reason);
  }

  private static byte[] carried() throws IOException {
    try (var in =
        NativeLibraryTest.class.getClassLoader().getResourceAsStream(Secp256k1Library.resource())) {
      if (in == null) {
        throw new AssertionError("the library's jar is not there");
      }
      return in.readAllBytes();
    }
  }
}
