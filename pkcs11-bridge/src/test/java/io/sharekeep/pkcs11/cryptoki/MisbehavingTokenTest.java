package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.cryptoki.CompiledShim.Setting;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException.Busy;
import io.sharekeep.pkcs11.terms.TokenException.LoggedOut;
import io.sharekeep.pkcs11.terms.TokenException.NotWritable;
import io.sharekeep.pkcs11.terms.TokenException.PinLocked;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import io.sharekeep.pkcs11.terms.TokenException.Unavailable;
import io.sharekeep.pkcs11.terms.TokenException.Unsupported;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics.Operation;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that hangs, goes away, is full or locked, or makes its own IVs. */
@SoftTokens
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MisbehavingTokenTest {
  private static final Aad AAD = Aad.of(new byte[] {1});
  private static final Digest DIGEST = Digest.sha256(new byte[] {2});
  private static final String PROFILE =
      """
      name = shimmed
      title = SoftHSM behind a shim
      measured = no
      source = this test
      call.timeout = 2
      """;

  private final SoftHsmTokens tokens;
  private final Path directory;
  private CompiledShim shim;

  MisbehavingTokenTest(SoftHsmTokens tokens, @TempDir Path directory) {
    this.tokens = tokens;
    this.directory = directory;
    this.shim = CompiledShim.before(copy(tokens.library(), directory), directory);
  }

  /** Of its own: SoftHSM must not be the one that the other tests have open. */
  private static Path copy(Path library, Path directory) {
    try {
      return Files.copy(library, directory.resolve("libsofthsm2.so"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeAll
  @AfterEach
  void behave() {
    shim.close();
  }

  @AfterAll
  void close() {
    shim.close();
  }

  @Test
  void aHangIsNoticedWithinTwoSecondsAndEndsInDownAtTheTimeout() throws Exception {
    try (var token = open("");
        var threads = Executors.newSingleThreadExecutor()) {
      var identity = key(token, KeySpec.IDENTITY);
      token.sign(identity, DIGEST);
      assertInstanceOf(TokenState.Ready.class, token.state());
      shim.set(Setting.HANG, 1);
      long began = System.nanoTime();
      // Nobody calls: the pulse notices by itself.
      long noticed = waitFor(token, state -> !(state instanceof TokenState.Ready), began);
      assertTrue(noticed <= 2000, noticed + " ms until not ready");
      assertInstanceOf(TokenState.Stalled.class, token.state());
      long down = waitFor(token, TokenState.Down.class::isInstance, began);
      assertTrue(down >= 1900 && down <= 3000, down + " ms until down");

      var refused =
          CompletableFuture.supplyAsync(
              () -> assertThrows(Unavailable.class, () -> token.sign(identity, DIGEST)), threads);
      refused.get(500, TimeUnit.MILLISECONDS); // at once

      shim.set(Setting.HANG, 0);
      long back = System.nanoTime();
      long ready = waitFor(token, TokenState.Ready.class::isInstance, back);
      assertTrue(ready <= 5000, ready + " ms until ready");
      assertEquals(64, token.sign(identity, DIGEST).length);
      assertTrue(token.statistics().withoutToken().toMillis() >= 400);
    }
  }

  @Test
  void aTokenThatGoesAwayIsNoticedAndFoundAgainWithoutACall() throws Exception {
    try (var token = open("")) {
      var identity = key(token, KeySpec.IDENTITY);
      shim.set(Setting.ABSENT, Ck.TOKEN_NOT_PRESENT);
      long began = System.nanoTime();
      long noticed = waitFor(token, state -> !(state instanceof TokenState.Ready), began);
      assertTrue(noticed <= 2000, noticed + " ms until not ready");
      waitFor(token, TokenState.Down.class::isInstance, began);
      long asked = System.nanoTime();
      assertThrows(Unavailable.class, () -> token.sign(identity, DIGEST));
      assertTrue(System.nanoTime() - asked < 500_000_000L, "fails at once while down");

      shim.set(Setting.ABSENT, 0);
      long back = System.nanoTime();
      long ready = waitFor(token, TokenState.Ready.class::isInstance, back);
      assertTrue(ready <= 5000, ready + " ms until ready");
      assertEquals(64, token.sign(identity, DIGEST).length);
      assertTrue(token.statistics().relogins() >= 1);
      assertTrue(token.statistics().losses() >= 1);
    }
  }

  @Test
  void aKeyThatNoLongerOpensWhatItSealedFailsTheTokenThoughNobodyUsesIt() throws Exception {
    try (var token = quick()) {
      waitForOpens(token, seal(token), 1, System.nanoTime());
      shim.set(Setting.REFUSALS, 1_000_000);
      waitFor(token, TokenState.Failed.class::isInstance, System.nanoTime());
      var failed = assertInstanceOf(TokenState.Failed.class, token.state());
      assertTrue(failed.reason().contains("SECRET kek"), failed.reason());
      assertThrows(LoggedOut.class, () -> token.random(Arena.ofAuto().allocate(8)));
      shim.set(Setting.REFUSALS, 0);
      token.login(new PinFile(tokens.corePinFile()));
      seal(token);
    }
  }

  @Test
  void theSealingKeyIsTriedWhenNobodyUsesIt() throws Exception {
    try (var token = quick()) {
      var kek = seal(token);
      long used = System.nanoTime();
      long idle = waitForOpens(token, kek, 2, used);
      assertTrue(idle >= 1000, "not before 120 intervals of 10 ms: " + idle + " ms");
    }
  }

  /** Every 100 ms, so that it is not tried for 12 s only because nobody uses it. */
  @Test
  void theSealingKeyIsTriedOnceItIsUsedAndAfterALossAndOneRefusalIsForgiven() throws Exception {
    try (var token = beating(Duration.ofMillis(100))) {
      var kek = seal(token);
      assertTrue(waitForOpens(token, kek, 1, System.nanoTime()) < 5000);
      shim.set(Setting.REFUSALS, 1);
      shim.set(Setting.ABSENT, Ck.DEVICE_REMOVED);
      waitFor(token, state -> !(state instanceof TokenState.Ready), System.nanoTime());
      shim.set(Setting.ABSENT, 0);
      long back = System.nanoTime();
      assertTrue(waitForOpens(token, kek, 3, back) < 5000);
      waitFor(token, TokenState.Ready.class::isInstance, back);
      assertEquals(0, shim.get(Setting.REFUSALS));
    }
  }

  /** SoftHSM has one code for a forged tag and for a login that is gone. */
  @Test
  void aRefusalByATokenThatIsLoggedOutIsALossAndNoForgery() {
    try (var token = open("");
        var arena = Arena.ofConfined()) {
      var kek = key(token, KeySpec.KEK);
      var sealed = arena.allocate(token.sealedSize(kek, 9));
      token.seal(kek, arena.allocate(9), AAD, sealed);
      shim.set(Setting.REFUSALS, -1);
      assertEquals(9, token.open(kek, sealed, AAD, arena.allocate(9L + token.openSlack(kek))));
      assertEquals(1, token.statistics().relogins());
    }
  }

  @Test
  void anotherTokenOfTheSameLabelIsNotLoggedInToAfterALoss() throws Exception {
    try (var token = quick()) {
      shim.set(Setting.SERIAL, 1);
      shim.set(Setting.ABSENT, Ck.DEVICE_REMOVED);
      waitFor(token, state -> !(state instanceof TokenState.Ready), System.nanoTime());
      shim.set(Setting.ABSENT, 0);
      Thread.sleep(700);
      assertFalse(token.state() instanceof TokenState.Ready);
      assertEquals(0, token.statistics().relogins());
      shim.set(Setting.SERIAL, 0);
      waitFor(token, TokenState.Ready.class::isInstance, System.nanoTime());
    }
  }

  @Test
  void aCallWithoutAPermitDoesNotEnterTheToken() throws Exception {
    var library = TokenLibrary.at(shim.library()).under(profile(""));
    try (var token =
            NativeToken.open(
                TokenConfiguration.of(library, tokens.coreLabel())
                    .permits(1)
                    .patience(Duration.ofMillis(300))
                    .pulse(Duration.ofHours(1)));
        var threads = Executors.newSingleThreadExecutor()) {
      token.login(new PinFile(tokens.corePinFile()));
      shim.set(Setting.HANG, 1);
      var holder = threads.submit(() -> token.random(Arena.ofAuto().allocate(8)));
      while (token.statistics().inUse() == 0) {
        Thread.sleep(1);
      }
      assertThrows(Busy.class, () -> token.find(KeySpec.KEK.name()));
      shim.set(Setting.HANG, 0);
      holder.get(5, TimeUnit.SECONDS);
      token.find(KeySpec.KEK.name());
    }
  }

  /** Beats every 10 ms, so that 120 intervals are 1.2 s. */
  private NativeToken quick() {
    return beating(Duration.ofMillis(10));
  }

  private NativeToken beating(Duration pulse) {
    var library = TokenLibrary.at(shim.library()).under(profile(""));
    var token = NativeToken.open(TokenConfiguration.of(library, tokens.coreLabel()).pulse(pulse));
    token.login(new PinFile(tokens.corePinFile()));
    return token;
  }

  private static KeyRef seal(NativeToken token) {
    try (var arena = Arena.ofConfined()) {
      var kek = key(token, KeySpec.KEK);
      token.seal(kek, arena.allocate(9), AAD, arena.allocate(token.sealedSize(kek, 9)));
      return kek;
    }
  }

  private static long waitForOpens(NativeToken token, KeyRef kek, long count, long began)
      throws InterruptedException {
    return waitFor(token, _ -> token.statistics().opens().getOrDefault(kek, 0L) >= count, began);
  }

  @Test
  void aCallWaitsThroughAShortAbsence() throws Exception {
    try (var token = open("");
        var threads = Executors.newSingleThreadExecutor()) {
      var identity = key(token, KeySpec.IDENTITY);
      shim.set(Setting.ABSENT, Ck.DEVICE_REMOVED);
      var waiting = CompletableFuture.supplyAsync(() -> token.sign(identity, DIGEST), threads);
      Thread.sleep(700);
      shim.set(Setting.ABSENT, 0);
      assertEquals(64, waiting.get(5, TimeUnit.SECONDS).length);
      var signs = token.statistics().operations().get(Operation.SIGN);
      assertEquals(0, java.util.Objects.requireNonNull(signs).failed());
      assertTrue(signs.longest().toMillis() >= 650);
    }
  }

  @Test
  void aTokenWithoutAFreeSessionIsBusyAtTheDeadline() {
    try (var token = open("", Duration.ofMillis(400))) {
      key(token, KeySpec.IDENTITY);
      shim.set(Setting.OPEN_SESSION, Ck.SESSION_COUNT);
      assertThrows(Busy.class, () -> token.generate(KeySpec.of("busy", KeySpec.Kind.SIGNING_P256)));
      shim.set(Setting.OPEN_SESSION, 0);
      token.find(KeySpec.IDENTITY.name());
    }
  }

  @ParameterizedTest
  @CsvSource({"0x31,is full", "0xe2,is write-protected", "0xb5,is write-protected"})
  void aTokenThatTakesNoKeySaysWhy(String rv, String words) {
    try (var token = open("")) {
      shim.set(Setting.GENERATE, Long.decode(rv));
      for (var kind : KeySpec.Kind.values()) {
        var refusal =
            assertThrows(NotWritable.class, () -> token.generate(KeySpec.of("no-room", kind)));
        assertTrue(String.valueOf(refusal.getMessage()).contains(words), refusal.getMessage());
      }
      assertInstanceOf(TokenState.Ready.class, token.state());
    }
  }

  @Test
  void aLockedPinIsTerminalAndSaysWhoCanHelp() {
    try (var token = closed("", Duration.ofSeconds(5))) {
      shim.set(Setting.LOGIN, Ck.PIN_LOCKED);
      var pin = new PinFile(tokens.corePinFile());
      var refusal = assertThrows(PinLocked.class, () -> token.login(pin));
      assertTrue(String.valueOf(refusal.getMessage()).contains("security officer"));
      assertInstanceOf(TokenState.Failed.class, token.state());
    }
  }

  @ParameterizedTest
  @CsvSource({"1,ZERO_AND_READBACK,12", "2,HSM_APPENDED(16),16"})
  void aTokenThatMakesItsOwnIvsIsUsed(long mode, String iv, int length) {
    shim.set(Setting.IV, mode);
    try (var token = open("gcm.params = 48\ngcm.iv = " + iv + "\n");
        var arena = Arena.ofConfined()) {
      assertEquals(SealSuite.GCM_TOKEN_IV, token.report().suite().orElseThrow());
      var kek = key(token, KeySpec.KEK);
      int size = 40_000;
      var plain = arena.allocate(size).fill((byte) 7);
      var sealed = arena.allocate(token.sealedSize(kek, size));
      assertEquals(48 + size + 3 * (length + 16), sealed.byteSize());
      token.seal(kek, plain, AAD, sealed);
      assertEquals(2, sealed.get(JAVA_BYTE, 5));
      assertEquals(length, sealed.get(JAVA_BYTE, 7));
      var out = arena.allocate(size + token.openSlack(kek));
      assertEquals(size, token.open(kek, sealed, AAD, out));
      assertEquals(-1, plain.mismatch(out.asSlice(0, size)));
      for (long at : new long[] {5, 7, 20, 48, 48 + length, sealed.byteSize() - 1}) {
        sealed.set(JAVA_BYTE, at, (byte) (sealed.get(JAVA_BYTE, at) ^ 1));
        assertThrows(SealRejected.class, () -> token.open(kek, sealed, AAD, out), "byte " + at);
        sealed.set(JAVA_BYTE, at, (byte) (sealed.get(JAVA_BYTE, at) ^ 1));
      }
      token.destroy(kek);
    }
  }

  @Test
  void aTokenThatSilentlyUsesAZeroIvIsRefusedAtLogin() {
    try (var token = closed("gcm.iv = ZERO_AND_READBACK\n", Duration.ofSeconds(5))) {
      var pin = new PinFile(tokens.corePinFile());
      var refusal = assertThrows(Unsupported.class, () -> token.login(pin));
      assertTrue(
          String.valueOf(refusal.getMessage()).contains("silently used zeros"),
          refusal.getMessage());
      assertInstanceOf(TokenState.Failed.class, token.state());
      var kek = new KeyRef(KeySpec.KEK.name(), "00".repeat(16));
      assertThrows(Unsupported.class, () -> token.sealedSize(kek, 100));
    }
  }

  /** Even if the trial at login saw an IV: the token may change its ways. */
  @Test
  void aZeroIvIsRefusedAtEachSealAndTheBlobIsGone() {
    shim.set(Setting.IV, 1);
    try (var token = open("gcm.iv = ZERO_AND_READBACK\n");
        var arena = Arena.ofConfined()) {
      var kek = key(token, KeySpec.KEK);
      shim.set(Setting.IV, 0);
      var sealed = arena.allocate(token.sealedSize(kek, 100));
      assertThrows(Unsupported.class, () -> token.seal(kek, arena.allocate(100), AAD, sealed));
      assertEquals(-1, sealed.mismatch(arena.allocate(sealed.byteSize())));
      token.destroy(kek);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pin.min = 99", "pin.max = 4", "pin.format = USER_COLON_PASSWORD"})
  void aPinThatTheTokenCannotTakeIsNotShownToIt(String rule) {
    try (var token = closed(rule + "\n", Duration.ofSeconds(5))) {
      shim.set(Setting.LOGIN, Ck.PIN_LOCKED); // what it would say if it were asked
      var pin = new PinFile(tokens.corePinFile());
      assertThrows(Unsupported.class, () -> token.login(pin));
    }
  }

  private static KeyRef key(NativeToken token, KeySpec spec) {
    return token.find(spec.name()).orElseGet(() -> token.generate(spec));
  }

  private NativeToken open(String lines) {
    return open(lines, Duration.ofSeconds(5));
  }

  private NativeToken open(String lines, Duration patience) {
    var token = closed(lines, patience);
    token.login(new PinFile(tokens.corePinFile()));
    assertNotEquals("", token.toString());
    return token;
  }

  private NativeToken closed(String lines, Duration patience) {
    return NativeToken.open(
        TokenConfiguration.of(
                TokenLibrary.at(shim.library()).under(profile(lines)), tokens.coreLabel())
            .patience(patience));
  }

  private Path profile(String lines) {
    try {
      return Files.writeString(directory.resolve("own.profile"), PROFILE + lines);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Milliseconds from {@code began} until the state is as wanted. */
  private static long waitFor(NativeToken token, Predicate<TokenState> wanted, long began)
      throws InterruptedException {
    while (!wanted.test(token.state())) {
      if (System.nanoTime() - began > 15_000_000_000L) {
        throw new AssertionError("still " + token.state());
      }
      Thread.sleep(5);
    }
    return (System.nanoTime() - began) / 1_000_000;
  }
}
