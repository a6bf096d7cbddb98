package io.sharekeep.pkcs11;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyEvidence.Exemption;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException.Busy;
import io.sharekeep.pkcs11.terms.TokenException.KeyExists;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.LoggedOut;
import io.sharekeep.pkcs11.terms.TokenException.PinIncorrect;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import io.sharekeep.pkcs11.terms.TokenException.TokenFault;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics;
import io.sharekeep.pkcs11.terms.TokenStatistics.Operation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
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
  private static final Aad AAD = aad("shares/key-1/epoch-3");

  private Arena arena = Arena.ofConfined();
  private Token token;
  private KeyRef kek;
  private Map<KeySpec.Kind, KeyRef> keys = Map.of();
  private Shape shape;

  /** How many bytes a blob has where. */
  private record Shape(int preamble, int iv, int tail, int block) {
    static Shape of(SealSuite suite) {
      return switch (suite) {
        case GCM, GCM_TOKEN_IV -> new Shape(0, 12, 16, 1);
        case CBC_HMAC -> new Shape(0, 16, 32, 16);
        case RSA_OAEP_GCM -> new Shape(384, 12, 16, 1);
      };
    }

    int chunk(int plain) {
      return iv + (plain + block - 1) / block * block + tail;
    }

    int first() {
      return HEADER + preamble;
    }

    int blob(int plain) {
      int rest = plain % CHUNK;
      return first() + plain / CHUNK * chunk(CHUNK) + (rest == 0 ? 0 : chunk(rest));
    }
  }

  /** A fresh token. */
  protected abstract TokenConfiguration configuration();

  /** Its PIN. */
  protected abstract Path pinFile();

  /** What this backend on this token is known to lack, as its report must say. */
  protected abstract Set<String> limits();

  /** What the token's profile accepts in place of what is demanded of a key, by attribute. */
  protected abstract Set<String> exemptions();

  /** How it seals. */
  protected SealSuite suite() {
    return SealSuite.GCM;
  }

  /** One of each kind, for all tests: some take long to make. */
  @BeforeAll
  final void makeTheKeys() {
    token = open(configuration());
    shape = Shape.of(suite());
    keys = new EnumMap<>(KeySpec.Kind.class);
    for (var kind : KeySpec.Kind.values()) {
      keys.put(kind, token.generate(spec(kind)));
    }
    kek = key(KeySpec.Kind.SEALING_AES_256);
  }

  @AfterAll
  final void close() {
    token.close(); // the whole token is thrown away
  }

  private static KeySpec spec(KeySpec.Kind kind) {
    return KeySpec.of("conformance-" + kind, kind);
  }

  private KeyRef key(KeySpec.Kind kind) {
    return Objects.requireNonNull(keys.get(kind));
  }

  private Token open(TokenConfiguration configuration) {
    // No pulse: the token's own calls would count among ours.
    var opened = Tokens.open(configuration.pulse(Duration.ofHours(1)));
    opened.login(new PinFile(pinFile()));
    return opened;
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
    assertEquals(shape.blob(size), sealed.byteSize());

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

  /**
   * Header and first IV whole, then the first and last bytes of ciphertext and tag of each chunk;
   * the sealed data key, where there is one, in a few places.
   */
  private IntStream everyPlace() {
    int first = shape.first();
    int second = first + shape.chunk(CHUNK);
    int end = second + shape.chunk(100);
    return Stream.of(
            IntStream.range(0, HEADER),
            IntStream.iterate(HEADER, at -> at < first, at -> at + 97),
            IntStream.range(first, first + shape.iv()),
            IntStream.of(first + shape.iv(), first + shape.iv() + CHUNK - 1),
            IntStream.range(second - shape.tail(), second),
            IntStream.range(second, second + shape.iv()),
            IntStream.of(second + shape.iv(), second + shape.iv() + 99),
            IntStream.range(end - shape.tail(), end))
        .flatMapToInt(places -> places);
  }

  @Test
  void aChangeInAnyPlaceIsRejected() {
    var plain = random(CHUNK + 100, 7);
    var sealed = seal(plain, AAD);
    for (int at : everyPlace().toArray()) {
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
    assertEquals(300, token.open(kek, sealed, aad(""), dirty(300 + token.openSlack(kek))));
  }

  @Test
  void chunksInAnotherOrderAreRejected() {
    var sealed = seal(random(3 * CHUNK, 10), AAD);
    int chunk = shape.chunk(CHUNK);
    int first = shape.first();
    swap(sealed, first, sealed, first + chunk, chunk);
    assertRejected(sealed, AAD, "chunks 0 and 1 swapped");
    swap(sealed, first, sealed, first + chunk, chunk);
    swap(sealed, first + chunk, sealed, first + 2L * chunk, chunk);
    assertRejected(sealed, AAD, "chunks 1 and 2 swapped");
    swap(sealed, first + chunk, sealed, first + 2L * chunk, chunk);
    assertEquals(3 * CHUNK, token.open(kek, sealed, AAD, dirty(3 * CHUNK + token.openSlack(kek))));
  }

  @Test
  void aChunkOfAnotherBlobOfTheSameLengthAndBindingIsRejected() {
    var one = seal(random(2 * CHUNK, 11), AAD);
    var other = seal(random(2 * CHUNK, 12), AAD);
    int chunk = shape.chunk(CHUNK);
    int first = shape.first();
    for (int i = 0; i < 2; i++) {
      swap(one, first + (long) i * chunk, other, first + (long) i * chunk, chunk);
      assertRejected(one, AAD, "chunk " + i + " of the other");
      assertRejected(other, AAD, "chunk " + i + " of the first");
      swap(one, first + (long) i * chunk, other, first + (long) i * chunk, chunk);
    }
  }

  @Test
  void aBlobCutShortOrLongIsRejected() {
    var sealed = seal(random(CHUNK + 10, 13), AAD);
    for (long size : new long[] {0, 1, HEADER - 1, HEADER, shape.first() + 12, shape.blob(1)}) {
      assertRejected(sealed.asSlice(0, size), AAD, size + " bytes");
    }
    assertRejected(sealed.asSlice(0, sealed.byteSize() - 1), AAD, "one less");
    assertRejected(sealed.asSlice(0, shape.blob(CHUNK)), AAD, "a chunk less");
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
  void anotherGenerationOfTheKeyStandsBesideTheOldAndEachOpensOnlyItsOwn() {
    var next = token.generate(KeySpec.kek(2));
    try {
      assertEquals(Optional.of(next), token.find(KeySpec.kek(2).name()));
      var plain = random(64, 16);
      var old = seal(plain, AAD);
      assertEquals(Optional.of(kek.id()), Token.sealedUnder(old));
      var anew = arena.allocate(token.sealedSize(next, 64));
      token.seal(next, plain, AAD, anew);
      assertEquals(Optional.of(next.id()), Token.sealedUnder(anew));
      var out = dirty(200);
      assertEquals(64, token.open(next, anew, AAD, out));
      assertEquals(-1, plain.mismatch(out.asSlice(0, 64)));
      assertOpens(old, plain);

      assertThrows(SealRejected.class, () -> token.open(next, old, AAD, out));
      assertZero(out);
      // Even under a header that names the other key.
      old.asSlice(8, 16).copyFrom(MemorySegment.ofArray(next.idBytes()));
      assertThrows(SealRejected.class, () -> token.open(next, old, AAD, out));
      assertZero(out);
    } finally {
      token.destroy(next);
    }
  }

  @Test
  void whatIsNoBlobNamesNoKey() {
    var sealed = seal(random(64, 16), AAD);
    assertEquals(Optional.empty(), Token.sealedUnder(sealed.asSlice(0, HEADER - 1)));
    for (int at : new int[] {0, 4}) {
      var other = arena.allocate(sealed.byteSize()).copyFrom(sealed);
      other.set(JAVA_BYTE, at, (byte) 9);
      assertEquals(Optional.empty(), Token.sealedUnder(other));
    }
    assertThrows(IllegalArgumentException.class, () -> KeySpec.kek(0));
  }

  @Test
  void twoSealsOfTheSameShareNoRandomness() {
    var plain = random(40, 17);
    var one = seal(plain, AAD).toArray(JAVA_BYTE);
    var two = seal(plain, AAD).toArray(JAVA_BYTE);
    assertFalse(Arrays.equals(one, 24, 40, two, 24, 40), "blob nonce");
    int first = shape.first();
    assertFalse(Arrays.equals(one, first, first + 12, two, first, first + 12), "IV");
    assertFalse(Arrays.equals(one, 48, 60, two, 48, 60), "what follows the header");
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
    var key = key(kind);
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
  }

  @Test
  void aSigningKeyCannotSealNorASealingKeySign() {
    var key = key(KeySpec.Kind.SIGNING_P256);
    var out = arena.allocate(800);
    var plain = arena.allocate(16);
    var refusal = assertThrows(RuntimeException.class, () -> token.seal(key, plain, AAD, out));
    assertTrue(
        switch (refusal) {
          case TokenFault _, KeyMissing _, IllegalArgumentException _ -> true;
          default -> false;
        },
        refusal.toString());
    assertThrows(IllegalArgumentException.class, () -> token.sign(kek, Digest.sha256(new byte[1])));
  }

  @ParameterizedTest
  @EnumSource
  void aGeneratedKeyHasNoViolation(KeySpec.Kind kind) {
    var evidence = token.evidence(key(kind));
    assertEquals(List.of(), evidence.violations(spec(kind)));
    assertEquals(
        exemptions(),
        evidence.exempted(spec(kind)).stream()
            .map(Exemption::attribute)
            .collect(Collectors.toSet()));
    assertEquals("refused", evidence.found("read VALUE"));
  }

  @Test
  void aKeyIsFoundByNameAndGoneOnceDestroyed() {
    var spec = KeySpec.of("passing", KeySpec.Kind.SIGNING_P256);
    var key = token.generate(spec);
    assertEquals(key, token.find(spec.name()).orElseThrow());
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
  void theReportNamesTheLibraryTheTokenItsProfileAndWhatIsLacking() {
    var report = token.report();
    assertTrue(report.library().isAbsolute());
    assertEquals(64, report.librarySha256().length());
    assertFalse(report.serial().isBlank());
    assertEquals(configuration().tokenLabel(), report.label());
    assertTrue(report.mechanisms().containsAll(List.of(0x1041L, 0x1087L)));
    assertEquals(configuration().library().backend(), report.backend());
    assertEquals(suite(), report.suite().orElseThrow());
    assertEquals(limits(), Set.copyOf(report.limits()));
    assertFalse(report.profile().why().isBlank());
  }

  @Test
  void statisticsCountWhatWasDoneAndWhatFailed() {
    var sealed = seal(random(64, 20), AAD);
    token.open(kek, sealed, AAD, dirty(64 + token.openSlack(kek)));
    var before = operation(Operation.OPEN);
    long opens = token.statistics().opens().getOrDefault(kek, 0L);
    assertRejected(sealed, aad("other"), "other");
    var after = operation(Operation.OPEN);
    assertEquals(before.count() + 1, after.count());
    assertEquals(before.failed() + 1, after.failed());
    assertTrue(after.total().compareTo(before.total()) > 0);
    assertEquals(after.count(), after.buckets().stream().mapToLong(Long::longValue).sum());
    assertEquals(opens + 1, token.statistics().opens().get(kek));
    assertTrue(token.statistics().permits() >= 2);
  }

  private TokenStatistics.Latency operation(Operation operation) {
    return Objects.requireNonNull(token.statistics().operations().get(operation));
  }

  @Test
  void aWrongPinIsToldAndTheRightOneHelps() throws IOException {
    token.logout();
    assertInstanceOf(TokenState.LoggedOut.class, token.state());
    assertThrows(LoggedOut.class, () -> token.sign(kek, Digest.sha256(new byte[1])));
    var wrong =
        Files.createTempFile(
            "pin",
            "",
            PosixFilePermissions.asFileAttribute(
                Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)));
    Files.writeString(wrong, "00000000");
    assertThrows(PinIncorrect.class, () -> token.login(new PinFile(wrong)));
    Files.delete(wrong);
    assertInstanceOf(TokenState.Failed.class, token.state());
    assertThrows(LoggedOut.class, () -> token.random(arena.allocate(8)));
    token.login(new PinFile(pinFile()));
    assertInstanceOf(TokenState.Ready.class, token.state());
    assertOpens(seal(random(50, 21), AAD), random(50, 21));
  }

  @Test
  void sixtyFourThreadsGetWhatTheyAskForThoughThereAreFewerPermits() throws Exception {
    var signing = key(KeySpec.Kind.SIGNING_P256);
    var wrong = new ConcurrentLinkedQueue<String>();
    try (var threads = Executors.newFixedThreadPool(64)) {
      for (int i = 0; i < 64; i++) {
        int seed = i;
        threads.execute(() -> {
          try (var own = Arena.ofConfined()) {
            var bytes = new byte[500];
            new SplittableRandom(seed).nextBytes(bytes);
            var sealed = own.allocate(token.sealedSize(kek, bytes.length));
            var out = own.allocate(bytes.length + token.openSlack(kek));
            for (int round = 0; round < 3; round++) {
              token.seal(kek, own.allocateFrom(JAVA_BYTE, bytes), AAD, sealed);
              token.open(kek, sealed, AAD, out);
              if (!Arrays.equals(bytes, out.asSlice(0, bytes.length).toArray(JAVA_BYTE))) {
                wrong.add("another plaintext");
              }
              if (token.sign(signing, Digest.sha256(bytes)).length != 64) {
                wrong.add("no signature");
              }
            }
          } catch (RuntimeException | Error e) {
            wrong.add(e.toString());
          }
        });
      }
    }
    assertEquals("[]", wrong.toString());
    assertEquals(0, token.statistics().waiting());
  }

  /** Somebody logs in and takes his time over the PIN: everybody else waits no longer than told. */
  @Test
  void aCallThatDoesNotGetItsTurnFailsAtItsDeadline() throws Exception {
    token.close();
    token = open(configuration().patience(Duration.ofMillis(300)));
    var entered = new CountDownLatch(1);
    var holder =
        Thread.ofPlatform()
            .start(() -> {
              PinSource slow =
                  new PinSource() {
                    @Override
                    public <R> R withPin(Function<MemorySegment, R> use) {
                      entered.countDown();
                      try {
                        Thread.sleep(1200);
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return new PinFile(pinFile()).withPin(use);
                    }
                  };
              token.login(slow);
            });
    assertTrue(entered.await(5, TimeUnit.SECONDS));
    long began = System.nanoTime();
    assertThrows(Busy.class, () -> token.random(arena.allocate(8)));
    long took = (System.nanoTime() - began) / 1_000_000;
    assertTrue(took >= 250 && took < 900, took + " ms");
    holder.join();
    token.close();
    token = open(configuration());
    assertOpens(seal(random(50, 22), AAD), random(50, 22));
  }

  @Test
  void twoSecretKeysOfOneNameAreNeverChosenBetween() {
    assertThrows(KeyExists.class, () -> token.generate(spec(KeySpec.Kind.SEALING_AES_256)));
    assertEquals(kek, token.find(kek.name()).orElseThrow());
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
