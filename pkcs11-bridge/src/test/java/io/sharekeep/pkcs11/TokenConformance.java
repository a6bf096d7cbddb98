package io.sharekeep.pkcs11;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException.KeyExists;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import io.sharekeep.pkcs11.terms.TokenException.TokenFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend owes on every token. A subclass brings the token, logged in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TokenConformance {
  private static final int CHUNK = 16 * 1024;
  private static final int HEADER = 48;
  private static final int OVERHEAD = 28;
  private static final Aad AAD = aad("shares/key-1/epoch-3");

  private Arena arena = Arena.ofConfined();
  private Token token;
  private KeyRef kek;

  /** The token under test, empty but for what tests made; always the same one. */
  protected abstract Token token();

  @BeforeAll
  final void makeTheSealingKey() {
    token = token();
    kek = token.generate(KeySpec.of("conformance-kek", KeySpec.Kind.SEALING_AES_256));
  }

  @BeforeEach
  final void openArena() {
    arena = Arena.ofConfined();
  }

  @AfterEach
  final void closeArena() {
    arena.close();
  }

  static IntStream sizes() {
    return IntStream.of(
        1, 15, 16, 17, 100, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 200 * 1024, Token.MAX_PLAIN);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void whatWasSealedOpens(int size) {
    var plain = random(size, size);
    var sealed = seal(plain, AAD);
    assertEquals(token.sealedSize(kek, size), sealed.byteSize());
    assertEquals(HEADER + size + (size + CHUNK - 1) / CHUNK * OVERHEAD, sealed.byteSize());

    var out = dirty(size + token.openSlack(kek) + 5);
    assertEquals(size, token.open(kek, sealed, AAD, out));
    assertEquals(-1, plain.mismatch(out.asSlice(0, size)));
    assertZero(out.asSlice(size));
  }

  @Test
  void aBlobOnTheHeapOpensToo() {
    var plain = random(100, 1);
    var out = MemorySegment.ofArray(new byte[token.sealedSize(kek, 100)]);
    assertEquals(out.byteSize(), token.seal(kek, plain, AAD, out));
    var opened = dirty(100 + token.openSlack(kek));
    token.open(kek, out, AAD, opened);
    assertEquals(-1, plain.mismatch(opened.asSlice(0, 100)));
  }

  @Test
  void aPlaintextOnTheHeapIsRefused() {
    var heap = MemorySegment.ofArray(new byte[200]);
    var sealed = seal(random(100, 1), AAD);
    assertThrows(
        IllegalArgumentException.class, () -> token.seal(kek, heap, AAD, arena.allocate(500)));
    assertThrows(IllegalArgumentException.class, () -> token.open(kek, sealed, AAD, heap));
    assertThrows(IllegalArgumentException.class, () -> token.random(heap));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Token.MAX_PLAIN + 1, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void aSizeOutOfRangeIsRefused(int size) {
    assertThrows(IllegalArgumentException.class, () -> token.sealedSize(kek, size));
  }

  @Test
  void aPlaintextOutOfRangeIsRefused() {
    var out = arena.allocate(Token.MAX_PLAIN + 10_000L);
    for (long size : new long[] {0, Token.MAX_PLAIN + 1L}) {
      var plain = arena.allocate(size);
      assertThrows(IllegalArgumentException.class, () -> token.seal(kek, plain, AAD, out));
    }
  }

  static Stream<Integer> everyPlace() {
    // Header and first IV whole, then the first and last bytes of ciphertext and tag of each chunk.
    int chunk = CHUNK + OVERHEAD;
    int end = HEADER + chunk + 100 + OVERHEAD;
    return Stream.of(
            IntStream.range(0, HEADER + 12),
            IntStream.of(HEADER + 12, HEADER + 12 + CHUNK - 1),
            IntStream.range(HEADER + 12 + CHUNK, HEADER + chunk),
            IntStream.range(HEADER + chunk, HEADER + chunk + 12),
            IntStream.of(HEADER + chunk + 12, HEADER + chunk + 12 + 99),
            IntStream.range(end - 16, end))
        .flatMap(IntStream::boxed);
  }

  @Test
  void aChangeInAnyPlaceIsRejected() {
    var plain = random(CHUNK + 100, 7);
    var sealed = seal(plain, AAD);
    for (int at : everyPlace().toList()) {
      for (int bit : new int[] {0, 7}) {
        byte was = sealed.get(JAVA_BYTE, at);
        sealed.set(JAVA_BYTE, at, (byte) (was ^ (1 << bit)));
        assertRejected(sealed, AAD, "byte " + at + " bit " + bit);
        sealed.set(JAVA_BYTE, at, was);
      }
    }
    assertOpens(sealed, plain);
  }

  @Test
  void anotherBindingIsRejected() {
    var sealed = seal(random(300, 8), AAD);
    for (var other : List.of("", "shares/key-1/epoch-4", "shares/key-1/epoch-3 ")) {
      assertRejected(sealed, aad(other), other);
    }
  }

  @Test
  void anEmptyBindingIsABindingToo() {
    var plain = random(300, 9);
    var sealed = seal(plain, aad(""));
    assertRejected(sealed, AAD, "not empty");
    assertEquals(300, token.open(kek, sealed, aad(""), dirty(316)));
  }

  @Test
  void chunksInAnotherOrderAreRejected() {
    var sealed = seal(random(3 * CHUNK, 10), AAD);
    int chunk = CHUNK + OVERHEAD;
    swap(sealed, HEADER, sealed, HEADER + chunk, chunk);
    assertRejected(sealed, AAD, "chunks 0 and 1 swapped");
    swap(sealed, HEADER, sealed, HEADER + chunk, chunk);
    swap(sealed, HEADER + chunk, sealed, HEADER + 2L * chunk, chunk);
    assertRejected(sealed, AAD, "chunks 1 and 2 swapped");
    swap(sealed, HEADER + chunk, sealed, HEADER + 2L * chunk, chunk);
    assertEquals(3 * CHUNK, token.open(kek, sealed, AAD, dirty(3 * CHUNK + 16)));
  }

  @Test
  void aChunkOfAnotherBlobOfTheSameLengthAndBindingIsRejected() {
    var one = seal(random(2 * CHUNK, 11), AAD);
    var other = seal(random(2 * CHUNK, 12), AAD);
    int chunk = CHUNK + OVERHEAD;
    for (int i = 0; i < 2; i++) {
      swap(one, HEADER + (long) i * chunk, other, HEADER + (long) i * chunk, chunk);
      assertRejected(one, AAD, "chunk " + i + " of the other");
      assertRejected(other, AAD, "chunk " + i + " of the first");
      swap(one, HEADER + (long) i * chunk, other, HEADER + (long) i * chunk, chunk);
    }
  }

  @Test
  void aBlobCutShortOrLongIsRejected() {
    var sealed = seal(random(CHUNK + 10, 13), AAD);
    for (long size : new long[] {0, 1, HEADER - 1, HEADER, HEADER + 12, HEADER + OVERHEAD}) {
      assertRejected(sealed.asSlice(0, size), AAD, size + " bytes");
    }
    assertRejected(sealed.asSlice(0, sealed.byteSize() - 1), AAD, "one less");
    assertRejected(sealed.asSlice(0, HEADER + CHUNK + OVERHEAD), AAD, "a chunk less");
    var longer = arena.allocate(sealed.byteSize() + 1).copyFrom(sealed);
    assertRejected(longer, AAD, "one more");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, Token.MAX_PLAIN + 1})
  void aLengthOfAnAttackerIsRejectedBeforeAnythingIsAllocated(int length) {
    for (long field : new long[] {HEADER - 8, HEADER - 4}) {
      var sealed = seal(random(2000, 14), AAD);
      sealed.asSlice(field, 4).copyFrom(bigEndian(length));
      assertRejected(sealed, AAD, "field " + field);
    }
  }

  @Test
  void aBlobThatDoesNotFitIsRejectedWithoutAWrite() {
    var sealed = seal(random(1000, 15), AAD);
    var out = dirty(1000 + token.openSlack(kek) - 1);
    assertThrows(SealRejected.class, () -> token.open(kek, sealed, AAD, out));
    assertZero(out);
  }

  @Test
  void anotherKeyDoesNotOpen() {
    var other = token.generate(KeySpec.of("other-kek", KeySpec.Kind.SEALING_AES_256));
    try {
      var sealed = seal(random(64, 16), AAD);
      var out = dirty(200);
      assertThrows(SealRejected.class, () -> token.open(other, sealed, AAD, out));
      assertZero(out);
      // Even under a header that names the other key.
      sealed.asSlice(8, 16).copyFrom(MemorySegment.ofArray(other.idBytes()));
      assertThrows(SealRejected.class, () -> token.open(other, sealed, AAD, out));
      assertZero(out);
    } finally {
      token.destroy(other);
    }
  }

  @Test
  void twoSealsOfTheSameShareNoRandomness() {
    var plain = random(40, 17);
    var one = seal(plain, AAD).toArray(JAVA_BYTE);
    var two = seal(plain, AAD).toArray(JAVA_BYTE);
    assertFalse(Arrays.equals(one, 24, 40, two, 24, 40), "blob nonce");
    assertFalse(Arrays.equals(one, 48, 60, two, 48, 60), "IV");
  }

  @Test
  void sealsAreCountedByEncryption() {
    long before = token.report().seals().getOrDefault(kek, 0L);
    seal(random(2 * CHUNK + 1, 18), AAD);
    assertEquals(before + 3, token.report().seals().get(kek));
  }

  @ParameterizedTest
  @EnumSource(names = {"SIGNING_P256", "SIGNING_P384"})
  void aSignatureVerifiesUnderThePublicKey(KeySpec.Kind kind) throws Exception {
    var key = token.generate(KeySpec.of("signs", kind));
    try {
      var message = "a checkpoint".getBytes(StandardCharsets.UTF_8);
      boolean p256 = kind == KeySpec.Kind.SIGNING_P256;
      var signature = token.sign(key, p256 ? Digest.sha256(message) : Digest.sha384(message));
      assertEquals(p256 ? 64 : 96, signature.length);
      var verifier = Signature.getInstance((p256 ? "SHA256" : "SHA384") + "withECDSAinP1363Format");
      verifier.initVerify(token.publicKey(key).decoded());
      verifier.update(message);
      assertTrue(verifier.verify(signature));
      assertThrows(
          IllegalArgumentException.class,
          () -> token.sign(key, p256 ? Digest.sha384(message) : Digest.sha256(message)));
    } finally {
      token.destroy(key);
    }
  }

  @Test
  void aSigningKeyCannotSealNorASealingKeySign() {
    var key = token.generate(KeySpec.of("signs-only", KeySpec.Kind.SIGNING_P256));
    try {
      var out = arena.allocate(200);
      assertThrows(TokenFault.class, () -> token.seal(key, arena.allocate(16), AAD, out));
      assertThrows(
          IllegalArgumentException.class, () -> token.sign(kek, Digest.sha256(new byte[1])));
    } finally {
      token.destroy(key);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aGeneratedKeyHasNoViolation(KeySpec.Kind kind) {
    var spec = KeySpec.of("evident", kind);
    var key = token.generate(spec);
    try {
      assertEquals(List.of(), token.evidence(key).violations(spec));
    } finally {
      token.destroy(key);
    }
  }

  @Test
  void aKeyIsFoundByNameAndGoneOnceDestroyed() {
    var spec = KeySpec.of("passing", KeySpec.Kind.SIGNING_P256);
    var key = token.generate(spec);
    assertEquals(key, token.find(spec.name()).orElseThrow());
    assertThrows(KeyExists.class, () -> token.generate(spec));
    token.destroy(key);
    assertTrue(token.find(spec.name()).isEmpty());
    assertThrows(KeyMissing.class, () -> token.sign(key, Digest.sha256(new byte[1])));
    assertThrows(KeyMissing.class, () -> token.publicKey(key));
    assertThrows(KeyMissing.class, () -> token.evidence(key));
  }

  @Test
  void randomFillsAllAndIsNotRepeated() {
    var one = arena.allocate(64);
    var two = arena.allocate(64);
    token.random(one);
    token.random(two);
    assertNotEquals(-1, one.mismatch(two));
    assertNotEquals(-1, one.mismatch(arena.allocate(64)));
  }

  @Test
  void theReportNamesTheLibraryAndTheToken() {
    var report = token.report();
    assertTrue(report.library().isAbsolute());
    assertEquals(64, report.librarySha256().length());
    assertFalse(report.serial().isBlank());
    assertTrue(report.mechanisms().containsAll(List.of(0x1041L, 0x1087L)));
  }

  private MemorySegment seal(MemorySegment plain, Aad aad) {
    var out = arena.allocate(token.sealedSize(kek, (int) plain.byteSize()));
    assertEquals(out.byteSize(), token.seal(kek, plain, aad, out));
    return out;
  }

  private void assertOpens(MemorySegment sealed, MemorySegment plain) {
    var out = dirty(plain.byteSize() + token.openSlack(kek));
    token.open(kek, sealed, AAD, out);
    assertEquals(-1, plain.mismatch(out.asSlice(0, plain.byteSize())));
  }

  private void assertRejected(MemorySegment sealed, Aad aad, String why) {
    var out = dirty(4 * CHUNK);
    assertThrows(SealRejected.class, () -> token.open(kek, sealed, aad, out), why);
    assertZero(out);
  }

  private MemorySegment dirty(long size) {
    return arena.allocate(size).fill((byte) 0x5a);
  }

  private static void assertZero(MemorySegment segment) {
    assertArrayEquals(new byte[(int) segment.byteSize()], segment.toArray(JAVA_BYTE));
  }

  private MemorySegment random(int size, long seed) {
    var bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return arena.allocateFrom(JAVA_BYTE, bytes);
  }

  private static void swap(MemorySegment a, long i, MemorySegment b, long j, long length) {
    var kept = a.asSlice(i, length).toArray(JAVA_BYTE);
    MemorySegment.copy(b, j, a, i, length);
    b.asSlice(j, length).copyFrom(MemorySegment.ofArray(kept));
  }

  private static MemorySegment bigEndian(int value) {
    return MemorySegment.ofArray(ByteBuffer.allocate(4).putInt(value).array());
  }

  private static Aad aad(String text) {
    return Aad.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
