package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.PinSource;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.LoggedOut;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions, logins and the library itself, lost behind our back on SoftHSM. */
@SoftTokens
final class RecoveryTest {
  private static final Aad AAD = Aad.of(new byte[] {1});
  private static final Digest DIGEST = Digest.sha256(new byte[] {2});

  private final SoftHsmTokens tokens;
  private final Arena arena = Arena.ofShared();
  private final Bench bench;
  private final NativeToken token;
  private final KeyRef kek;
  private final KeyRef identity;
  private final MemorySegment sealed;

  RecoveryTest(SoftHsmTokens tokens) {
    this.tokens = tokens;
    this.bench = Bench.core(tokens);
    this.token = bench.open();
    this.kek = found(KeySpec.KEK);
    this.identity = found(KeySpec.IDENTITY);
    this.sealed = arena.allocate(token.sealedSize(kek, 100));
  }

  private KeyRef found(KeySpec spec) {
    return token.find(spec.name()).orElseGet(() -> token.generate(spec));
  }

  @BeforeEach
  void seal() {
    token.seal(kek, arena.allocate(100).fill((byte) 7), AAD, sealed);
  }

  @AfterEach
  void close() {
    token.close();
    bench.close();
    arena.close();
  }

  @Test
  void closedSessionsAreReplaced() {
    bench.closeAllSessions();
    assertWorks(token);
    assertEquals(2, token.report().logins());
  }

  /** Between any two locks that a call takes somebody does it again. */
  @Test
  void whatIsTakenAwayWithoutEndIsUsedOnceByWhoeverRepairsIt() throws Exception {
    var sabotage = Sabotage.of(bench);
    for (var injection :
        List.of(sabotage.closeSessions(), sabotage.logout(), sabotage.reinitialise())) {
      try (var _ = sabotage.withoutEnd(injection)) {
        for (int i = 0; i < 5; i++) {
          assertWorks(token);
        }
      }
    }
  }

  @Test
  void aLogoutIsRepairedAndHandlesAreFoundAgain() {
    assertWorks(token);
    bench.logout();
    assertWorks(token);
    assertEquals(2, token.report().logins());
  }

  @Test
  void aFindAfterALogoutDoesNotConcludeThatTheKeyIsMissing() {
    bench.logout();
    assertEquals(kek, token.find(KeySpec.KEK.name()).orElseThrow());
  }

  @Test
  void aFinalisedLibraryIsStartedAgainForAllItsTokens() {
    try (var edge = NativeToken.open(TokenConfiguration.of(tokens.library(), tokens.edgeLabel()))) {
      edge.login(new PinFile(tokens.edgePinFile()));
      var tls = edge.find(KeySpec.TLS.name()).orElseGet(() -> edge.generate(KeySpec.TLS));
      bench.finish();
      assertWorks(token);
      assertEquals(64, edge.sign(tls, DIGEST).length);
      assertWorks(token);
    }
  }

  @Test
  void manyThatSeeTheLibraryGoneStartItAnewOnce() throws Exception {
    var lock = bench.library().lock().writeLock();
    long before = token.statistics().reinitialisations();
    var threads = new ArrayList<Thread>();
    lock.lock();
    try {
      bench.finish();
      for (int i = 0; i < 6; i++) {
        threads.add(Thread.ofPlatform().start(() -> token.sign(identity, DIGEST)));
      }
      Thread.sleep(100); // all wait at the lock
    } finally {
      lock.unlock();
    }
    for (var thread : threads) {
      thread.join();
    }
    assertEquals(before + 1, token.statistics().reinitialisations());
  }

  @Test
  void aTokenMadeLaterIsFoundAndTheOthersGoOn() {
    var later = tokens.provision("later");
    try (var other = NativeToken.open(TokenConfiguration.of(later.library(), later.coreLabel()))) {
      other.login(new PinFile(later.corePinFile()));
      assertTrue(other.find(KeySpec.KEK.name()).isEmpty());
      assertWorks(token);
    }
    assertWorks(token);
  }

  @Test
  void keysAreMadeAndLookedAtAfterALossToo() {
    bench.logout();
    var key = token.generate(KeySpec.LOG);
    bench.closeAllSessions();
    assertEquals(0, token.evidence(key).violations(KeySpec.LOG).size());
    bench.logout();
    token.destroy(key);
    assertTrue(token.find(KeySpec.LOG.name()).isEmpty());
  }

  @Test
  void aKeyDestroyedByOthersIsMissing() {
    var key = token.generate(KeySpec.LOG);
    token.sign(key, DIGEST);
    bench.inSession(raw -> {
      var objects = new Objects(raw.functions(), raw.handle());
      for (long object : objects.matching(raw.arena(), Templates.naming(raw.arena(), key))) {
        raw.functions().destroyObject(raw.handle(), object);
      }
    });
    assertThrows(KeyMissing.class, () -> token.sign(key, DIGEST));
    assertWorks(token);
    token.destroy(key); // the public half
  }

  @Test
  void aPinThatIsGoneLeavesTheTokenLockedAfterALoss() {
    var once = new OncePin(tokens);
    token.logout();
    token.login(once);
    assertWorks(token);
    bench.closeAllSessions();
    assertThrows(LoggedOut.class, () -> token.sign(identity, DIGEST));
    assertInstanceOf(TokenState.LoggedOut.class, token.state());
    token.login(new PinFile(tokens.corePinFile()));
    assertWorks(token);
  }

  @Test
  void nothingWorksBeforeLoginOrAfterLogout() {
    token.logout();
    assertInstanceOf(TokenState.LoggedOut.class, token.state());
    assertThrows(LoggedOut.class, () -> token.sign(identity, DIGEST));
    assertThrows(LoggedOut.class, () -> token.find(KeySpec.KEK.name()));
    assertThrows(LoggedOut.class, () -> token.random(arena.allocate(8)));
    token.login(new PinFile(tokens.corePinFile()));
    assertWorks(token);
  }

  @Test
  void aVirtualThreadIsRefused() throws InterruptedException {
    var refused = new AtomicBoolean();
    var thread =
        Thread.startVirtualThread(() -> {
          try {
            token.sign(identity, DIGEST);
          } catch (IllegalStateException e) {
            refused.set(true);
          }
        });
    thread.join();
    assertTrue(refused.get());
  }

  @Test
  void sixteenThreadsLoseNoCallWhileEverythingIsPulledAway() throws InterruptedException {
    var failures = new ConcurrentLinkedQueue<Throwable>();
    var done = new AtomicInteger();
    var stop = new AtomicBoolean();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 16; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                while (!stop.get()) {
                  try {
                    assertWorks(token);
                    done.incrementAndGet();
                  } catch (RuntimeException | Error e) {
                    failures.add(e);
                    return;
                  }
                }
              }));
    }
    for (int round = 0; round < 18; round++) {
      Thread.sleep(40);
      pullAway(round % 3);
    }
    int before = done.get();
    Thread.sleep(300);
    stop.set(true);
    for (var thread : threads) {
      thread.join();
    }
    assertEquals("[]", failures.toString());
    assertTrue(done.get() > before, "calls go on after the last loss");
    assertTrue(token.report().logins() > 6, () -> token.report().logins() + " logins");
  }

  /** Under the library's write lock, so that no call is inside when its ground goes. */
  private void pullAway(int how) {
    var lock = bench.library().lock().writeLock();
    lock.lock();
    try {
      switch (how) {
        case 0 -> bench.closeAllSessions();
        case 1 -> bench.logout();
        default -> bench.finish();
      }
    } catch (CkException e) {
      // The repair of the round before has not come to it yet: nothing to pull away.
    } finally {
      lock.unlock();
    }
  }

  private void assertWorks(Token token) {
    try (var own = Arena.ofConfined()) {
      var out = own.allocate(100 + token.openSlack(kek));
      assertEquals(100, token.open(kek, sealed, AAD, out));
      assertEquals(7, out.get(JAVA_BYTE, 99));
      assertEquals(64, token.sign(identity, DIGEST).length);
    }
  }

  private static final class OncePin implements PinSource {
    private final PinFile file;
    private final String token;
    private final AtomicBoolean used = new AtomicBoolean();

    OncePin(SoftHsmTokens tokens) {
      this.file = new PinFile(tokens.corePinFile());
      this.token = tokens.coreLabel();
    }

    @Override
    public <R> R withPin(Function<MemorySegment, R> use) {
      if (used.getAndSet(true)) {
        throw new LoggedOut(token);
      }
      return file.withPin(use);
    }
  }
}
