package io.sharekeep.pkcs11.cryptoki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException.Busy;
import io.sharekeep.pkcs11.terms.TokenException.LoggedOut;
import io.sharekeep.pkcs11.terms.TokenException.PinIncorrect;
import io.sharekeep.pkcs11.terms.TokenException.TokenFault;
import io.sharekeep.pkcs11.terms.TokenException.Unavailable;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often a PIN is shown to the token, and how often a call is made, counted in the library. */
@SoftTokens
final class LoginTest {
  private final SoftHsmTokens tokens;
  private final ShimmedLibrary shim;
  private final NativeToken token;
  private final MemorySegment out = Arena.ofAuto().allocate(16);

  @TempDir private Path directory;

  LoginTest(SoftHsmTokens tokens) throws ReflectiveOperationException {
    this.tokens = tokens;
    this.shim = new ShimmedLibrary(tokens.library());
    this.token =
        NativeToken.open(
            TokenConfiguration.of(tokens.library(), tokens.coreLabel()).pulse(Duration.ofHours(1)),
            shim.use());
  }

  @AfterEach
  void close() {
    token.close();
    shim.close();
  }

  @Test
  void aWrongPinIsShownOnceAndNeverAgain() throws IOException {
    var wrong = pin("0000");
    assertThrows(PinIncorrect.class, () -> token.login(wrong));
    assertInstanceOf(TokenState.Failed.class, token.state());
    for (int i = 0; i < 5; i++) {
      assertThrows(LoggedOut.class, () -> token.find(KeySpec.KEK.name()));
      assertThrows(LoggedOut.class, () -> token.random(out));
    }
    assertEquals(1, shim.logins.get());

    token.login(new PinFile(tokens.corePinFile()));
    token.random(out);
    assertEquals(2, shim.logins.get());
  }

  @Test
  void aPinThatTurnsWrongIsShownOnceByTheRepairAndNeverAgain() throws IOException {
    var file = pin(Files.readString(tokens.corePinFile()));
    token.login(file);
    Files.writeString(file.file(), "0000");
    fail(1, Ck.SESSION_HANDLE_INVALID);
    assertThrows(PinIncorrect.class, () -> token.random(out));
    assertEquals(2, shim.logins.get());
    for (int i = 0; i < 5; i++) {
      assertThrows(LoggedOut.class, () -> token.random(out));
    }
    assertEquals(2, shim.logins.get());
    assertInstanceOf(TokenState.Failed.class, token.state());
  }

  @ParameterizedTest
  @ValueSource(longs = {0x03, 0x30, 0x31, 0x32, 0xb0, 0xb3, 0xe0, 0xe1, 0x101, 0x190})
  void everyCodeOfTheLostSetIsRepaired(long rv) {
    login();
    fail(1, rv);
    token.random(out);
    assertEquals(2, shim.logins.get());
    assertInstanceOf(TokenState.Ready.class, token.state());
  }

  @ParameterizedTest
  @ValueSource(longs = {0x60, 0x82})
  void aStaleHandleIsTriedAgainWithoutALogin(long rv) {
    login();
    fail(1, rv);
    token.random(out);
    assertEquals(1, shim.logins.get());
  }

  @Test
  void aCallWaitsForATokenThatComesBackBeforeItsDeadline() {
    login();
    fail(6, Ck.DEVICE_ERROR);
    token.random(out);
    assertEquals(7, shim.randoms.get());
    assertInstanceOf(TokenState.Ready.class, token.state());
  }

  @Test
  void aCallFailsAtItsDeadlineAndTheTokenStaysStalledUntilACallGoesThrough() {
    try (var edge =
        NativeToken.open(
            TokenConfiguration.of(tokens.library(), tokens.edgeLabel())
                .patience(Duration.ofMillis(600))
                .pulse(Duration.ofHours(1)),
            shim.use())) {
      edge.login(new PinFile(tokens.edgePinFile()));
      fail(1000, Ck.DEVICE_ERROR);
      long began = System.nanoTime();
      assertThrows(Unavailable.class, () -> edge.random(out));
      assertTrue(System.nanoTime() - began < 2_000_000_000L, "not long past the deadline");
      assertInstanceOf(TokenState.Stalled.class, edge.state());
      fail(0, 0);
      edge.random(out);
      assertInstanceOf(TokenState.Ready.class, edge.state());
      assertEquals(1, edge.statistics().losses());
      assertTrue(edge.statistics().withoutToken().toMillis() >= 300);
    }
  }

  @Test
  void anotherCodeIsAFaultAndNotTriedAgain() {
    login();
    fail(1, 0x54); // CKR_FUNCTION_NOT_SUPPORTED
    var fault = assertThrows(TokenFault.class, () -> token.random(out));
    assertEquals(0x54, fault.rv());
    assertEquals(1, shim.randoms.get());
    assertEquals(1, shim.logins.get());
  }

  @Test
  void aCallThatDoesNotGetItsTurnIsBusy() throws InterruptedException {
    var impatient =
        TokenConfiguration.of(tokens.library(), tokens.edgeLabel())
            .permits(1)
            .patience(Duration.ofMillis(50))
            .pulse(Duration.ofHours(1));
    try (var edge = NativeToken.open(impatient, shim.use())) {
      edge.login(new PinFile(tokens.edgePinFile()));
      var lock = shim.library.lock().writeLock();
      var holder = new Thread(() -> hold(lock));
      holder.start();
      Thread.sleep(50);
      assertThrows(Busy.class, () -> edge.random(out));
      holder.join();
      edge.random(out);
    }
  }

  private static void hold(Lock lock) {
    lock.lock();
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void login() {
    token.login(new PinFile(tokens.corePinFile()));
    shim.randoms.set(0);
  }

  private void fail(int times, long rv) {
    shim.rv.set(rv);
    shim.faults.set(times);
  }

  private PinFile pin(String text) throws IOException {
    var file =
        Files.createFile(
            directory.resolve("pin"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return new PinFile(Files.writeString(file, text));
  }
}
