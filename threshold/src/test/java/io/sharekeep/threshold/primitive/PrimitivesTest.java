package io.sharekeep.threshold.primitive;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.TestScratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@LeavesNothing
final class PrimitivesTest {
  private static final String ALICE_SECRET =
      "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
  private static final String ALICE_PUBLIC =
      "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
  private static final String BOB_SECRET =
      "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
  private static final String BOB_PUBLIC =
      "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
  private static final String AGREED =
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

  private final Primitives primitives = Primitives.open();

  static LongStream seeds() {
    return new SplittableRandom(20261122).longs(40);
  }

  @Test
  void keyAgreementGivesTheValuesOfRfc7748Section61() {
    onSlabs((scratch, slabs) -> {
      var alice = slabs.hex(ALICE_SECRET);
      var bob = slabs.hex(BOB_SECRET);
      var out = slabs.zero(32);
      assertArrayEquals(hex(ALICE_PUBLIC), primitives.x25519PublicKey(alice));
      assertArrayEquals(hex(BOB_PUBLIC), primitives.x25519PublicKey(bob));
      assertTrue(primitives.x25519(alice, hex(BOB_PUBLIC), out));
      assertEquals(AGREED, hexOf(out));
      assertTrue(primitives.x25519(bob, hex(ALICE_PUBLIC), out));
      assertEquals(AGREED, hexOf(out));
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "00",
        "",
      })
  void aPeersPointOfSmallOrderOrWrongLengthLeavesZero(String peer) {
    onSlabs((scratch, slabs) -> {
      var out = slabs.hex("ff".repeat(32));
      assertFalse(primitives.x25519(slabs.hex(ALICE_SECRET), hex(peer), out));
      assertEquals("00".repeat(32), hexOf(out));
    });
  }

  @Test
  void sealingGivesTheValuesOfRfc8439Section282() {
    onSlabs((scratch, slabs) -> {
      var key = slabs.hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
      var nonce = hex("070000004041424344454647");
      var aad = hex("50515253c0c1c2c3c4c5c6c7");
      var text =
          ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for"
                  + " the future, sunscreen would be it.")
              .getBytes(US_ASCII);
      var sealed = primitives.seal(key, nonce, aad, slabs.holding(text));
      assertEquals(
          "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
              + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
              + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
              + "3ff4def08e4b7a9de576d26586cec64b6116"
              + "1ae10b594f09e26a7e902ecbd0600691",
          HexFormat.of().formatHex(sealed));
      var out = slabs.zero(text.length);
      assertTrue(primitives.open(key, nonce, aad, sealed, out));
      assertArrayEquals(text, out.toArray(JAVA_BYTE));
    });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void sealingAgreesWithTheJdkAndAFlippedBitLeavesZero(long seed) {
    var random = new SplittableRandom(seed);
    var key = bytes(random, 32);
    var nonce = bytes(random, 12);
    var aad = bytes(random, random.nextInt(80));
    var text = bytes(random, random.nextInt(300));
    onSlabs((scratch, slabs) -> {
      var keySlab = slabs.holding(key);
      var sealed = primitives.seal(keySlab, nonce, aad, slabs.holding(text));
      var cipher = Cipher.getInstance("ChaCha20-Poly1305");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
      cipher.updateAAD(aad);
      assertArrayEquals(cipher.doFinal(text), sealed);

      var out = slabs.zero(text.length);
      assertTrue(primitives.open(keySlab, nonce, aad, sealed, out));
      assertArrayEquals(text, out.toArray(JAVA_BYTE));

      sealed[random.nextInt(sealed.length)] ^= (byte) (1 << random.nextInt(8));
      assertFalse(primitives.open(keySlab, nonce, aad, sealed, out));
      assertArrayEquals(new byte[text.length], out.toArray(JAVA_BYTE));
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 16, 31, 33, 64})
  void aSealedTextOfAnotherLengthThanExpectedLeavesZero(int length) {
    onSlabs((scratch, slabs) -> {
      var out = slabs.hex("ff".repeat(16));
      var sealed = new byte[length];
      assertFalse(primitives.open(slabs.zero(32), new byte[12], new byte[0], sealed, out));
      assertEquals("00".repeat(16), hexOf(out));
    });
  }

  @Test
  void macGivesTheValuesOfRfc4231() {
    onSlabs((scratch, slabs) -> {
      var out = slabs.zero(64);
      primitives.hmacSha512(
          scratch,
          slabs.holding("Jefe".getBytes(US_ASCII)),
          slabs.holding("what do ya want for nothing?".getBytes(US_ASCII)),
          out);
      assertEquals(
          "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
              + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
          hexOf(out));
      primitives.hmacSha512(
          scratch,
          slabs.hex("aa".repeat(131)),
          slabs.holding(
              "Test Using Larger Than Block-Size Key - Hash Key First".getBytes(US_ASCII)),
          out);
      assertEquals(
          "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
              + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
          hexOf(out));
    });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void hashesMacAndKeyDerivationAgreeWithTheJdk(long seed) {
    var random = new SplittableRandom(seed);
    var key = bytes(random, 1 + random.nextInt(200));
    var salt = bytes(random, 1 + random.nextInt(150));
    var info = bytes(random, random.nextInt(150));
    int length = 1 + random.nextInt(random.nextBoolean() ? 130 : 255 * 64);
    onSlabs((scratch, slabs) -> {
      var keySlab = slabs.holding(key);
      var out = slabs.zero(64);
      primitives.sha512(keySlab, out);
      assertArrayEquals(MessageDigest.getInstance("SHA-512").digest(key), out.toArray(JAVA_BYTE));
      primitives.sha256(keySlab, out.asSlice(0, 32));
      assertArrayEquals(
          MessageDigest.getInstance("SHA-256").digest(key), out.asSlice(0, 32).toArray(JAVA_BYTE));

      var mac = Mac.getInstance("HmacSHA512");
      mac.init(new SecretKeySpec(key, "HmacSHA512"));
      primitives.hmacSha512(scratch, keySlab, slabs.holding(info.length == 0 ? salt : info), out);
      assertArrayEquals(mac.doFinal(info.length == 0 ? salt : info), out.toArray(JAVA_BYTE));

      primitives.hkdfSha512Extract(scratch, salt, keySlab, out);
      var derived = slabs.zero(length);
      primitives.hkdfSha512Expand(scratch, out, info, derived);
      var parameters =
          HKDFParameterSpec.ofExtract().addSalt(salt).addIKM(key).thenExpand(info, length);
      assertArrayEquals(
          KDF.getInstance("HKDF-SHA512").deriveData(parameters), derived.toArray(JAVA_BYTE));
    });
  }

  @ParameterizedTest
  @CsvSource({"63,64", "64,0", "64,16321"})
  void keyDerivationRefusesLengthsThatRfc5869DoesNotHave(int prk, int length) {
    onSlabs((scratch, slabs) -> {
      var key = slabs.zero(prk);
      var out = length == 0 ? key.asSlice(0, 0) : slabs.zero(length);
      assertThrows(
          IllegalArgumentException.class,
          () -> primitives.hkdfSha512Expand(scratch, key, new byte[0], out));
    });
  }

  /** RFC 8032 section 7.1: tests 1, 2, 3 and SHA(abc). */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,"
        + "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,"
        + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,"
        + "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        + "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
  })
  void envelopeSignaturesGiveTheValuesOfRfc8032(
      String seed, String publicKey, String message, String signature) {
    onSlabs((scratch, slabs) -> {
      var secret = slabs.zero(64);
      var made =
          primitives.ed25519KeyPair(
              scratch, out -> out.copyFrom(MemorySegment.ofArray(hex(seed))), secret);
      assertArrayEquals(hex(publicKey), made);
      assertEquals(seed + publicKey, hexOf(secret));
      var signed = primitives.ed25519Sign(secret, hex(message));
      assertArrayEquals(hex(signature), signed);
      assertTrue(primitives.ed25519Verify(made, hex(message), signed));
      signed[40] ^= 1;
      assertFalse(primitives.ed25519Verify(made, hex(message), signed));
    });
  }

  @Test
  void aSecretOnTheHeapOrOfAWrongLengthOrAReadOnlyResultIsABug() {
    onSlabs((scratch, slabs) -> {
      var secret = slabs.zero(32);
      var heap = MemorySegment.ofArray(new byte[32]);
      assertBug(() -> primitives.x25519PublicKey(heap));
      assertBug(() -> primitives.x25519PublicKey(slabs.zero(31)));
      assertBug(() -> primitives.x25519(secret, hex(BOB_PUBLIC), slabs.zero(33)));
      assertBug(() -> primitives.sha256(secret, secret.asReadOnly()));
      assertBug(() -> primitives.sha512(secret, heap));
      assertBug(() -> primitives.sha512(heap, slabs.zero(64)));
      assertBug(() -> primitives.seal(slabs.zero(31), new byte[12], new byte[0], secret));
      assertBug(() -> primitives.seal(secret, new byte[11], new byte[0], secret));
      assertBug(() -> primitives.ed25519Sign(secret, new byte[0]));
    });
  }

  @Test
  void aSlabThatWasGivenBackIsDeadForNativeCallsToo() {
    MemorySegment dead;
    try (var arena = Arena.ofConfined()) {
      dead = arena.allocate(32);
    }
    assertThrows(IllegalStateException.class, () -> primitives.x25519PublicKey(dead));
  }

  @Test
  void theBackendNamesItsVersion() {
    assertTrue(primitives.backend().matches("libsodium 1\\.0\\.\\d+"), primitives::backend);
  }

  private static void assertBug(org.junit.jupiter.api.function.Executable call) {
    assertThrows(IllegalArgumentException.class, call);
  }

  /** Slabs that a test fills, all given back at its end. */
  static final class Slabs {
    private final TestScratch scratch;
    private final List<Scratch.Slab> lent = new ArrayList<>();

    private Slabs(TestScratch scratch) {
      this.scratch = scratch;
    }

    MemorySegment zero(long length) {
      return holding(new byte[Math.toIntExact(length)]);
    }

    MemorySegment hex(String text) {
      return holding(HexFormat.of().parseHex(text));
    }

    MemorySegment holding(byte[] bytes) {
      var slab = scratch.borrow(Math.max(1, bytes.length));
      lent.add(slab);
      MemorySegment.copy(bytes, 0, slab.bytes(), JAVA_BYTE, 0, bytes.length);
      return slab.bytes().asSlice(0, bytes.length);
    }
  }

  /** What a test does with slabs. */
  @FunctionalInterface
  interface SlabTest {
    void run(TestScratch scratch, Slabs slabs) throws GeneralSecurityException;
  }

  static void onSlabs(SlabTest test) {
    try (var scratch = new TestScratch()) {
      var slabs = new Slabs(scratch);
      try {
        test.run(scratch, slabs);
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      } finally {
        slabs.lent.forEach(Scratch.Slab::close);
      }
    }
  }

  static String hexOf(MemorySegment segment) {
    return HexFormat.of().formatHex(segment.toArray(JAVA_BYTE));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
