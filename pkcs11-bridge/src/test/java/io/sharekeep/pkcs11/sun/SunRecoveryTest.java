package io.sharekeep.pkcs11.sun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.cryptoki.Bench;
import io.sharekeep.pkcs11.cryptoki.CompiledShim;
import io.sharekeep.pkcs11.cryptoki.Storm;
import io.sharekeep.pkcs11.edge.EdgeConfiguration;
import io.sharekeep.pkcs11.edge.EdgeToken;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException.KeyAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.LoggedOut;
import io.sharekeep.pkcs11.terms.TokenException.TokenAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.TokenFault;
import io.sharekeep.pkcs11.terms.TokenException.Unsupported;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.pkcs11.terms.TokenReport;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the second backend heals, what it does not, and its blobs in the first one. */
@SoftTokens
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SunRecoveryTest {
  private static final Aad AAD = Aad.of(new byte[] {3});

  private final SoftHsmTokens tokens;
  private final Path directory;
  private final TokenLibrary library;
  private final Token token;
  private final Bench bench;
  private final SoftHsmTokens twins;

  SunRecoveryTest(SoftHsmTokens tokens, @TempDir Path directory) throws IOException {
    this.tokens = tokens;
    this.directory = directory;
    var copy = Files.copy(tokens.library(), directory.resolve("libsofthsm2.so"));
    library = TokenLibrary.at(copy).through(Backend.SUN);
    provision();
    twins = twins(); // before the library starts, which happens once and is when it looks around
    token = Tokens.open(TokenConfiguration.of(library, tokens.coreLabel()));
    token.login(new PinFile(tokens.corePinFile()));
    bench = Bench.behind(copy, tokens.coreLabel(), tokens.corePinFile());
  }

  /** As a custodian does it: by the native backend, in its own time. */
  private void provision() {
    try (var other = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.coreLabel()))) {
      other.login(new PinFile(tokens.corePinFile()));
      other.generate(KeySpec.KEK);
    }
  }

  @AfterAll
  void close() {
    token.close();
  }

  @Test
  void aBlobOfOneBackendOpensInTheOther() {
    try (var other = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.coreLabel()));
        var arena = Arena.ofConfined()) {
      other.login(new PinFile(tokens.corePinFile()));
      var kek = found(KeySpec.KEK);
      assertEquals(kek, other.find(KeySpec.KEK.name()).orElseThrow());
      for (int size : new int[] {1, 200, 16 * 1024 + 1, 200 * 1024}) {
        var plain = arena.allocate(size).fill((byte) size);
        var out = arena.allocate(size + 16L);
        var sealed = arena.allocate(token.sealedSize(kek, size));
        assertEquals(sealed.byteSize(), other.sealedSize(kek, size));
        token.seal(kek, plain, AAD, sealed);
        assertEquals(size, other.open(kek, sealed, AAD, out));
        assertEquals(-1, plain.mismatch(out.asSlice(0, size)));
        other.seal(kek, plain, AAD, sealed);
        assertEquals(size, token.open(kek, sealed, AAD, out.fill((byte) 0)));
        assertEquals(-1, plain.mismatch(out.asSlice(0, size)));
      }
    }
  }

  @Test
  void nothingIsLostThoughSessionsAndLoginsAreTakenAway() throws InterruptedException {
    var storm = new Storm(List.of(token));
    var sabotage = SunSabotage.of(token, bench);
    var result =
        storm.blow(
            Duration.ofSeconds(2),
            Duration.ofMillis(80),
            9,
            List.of(sabotage.closeSessions(), sabotage.logout()));
    assertEquals(List.of(), result.failures());
    assertEquals(0, result.wrong() + result.hung());
    assertTrue(result.relogins() > 0 && result.operations() > 50, result.toString());
  }

  @Test
  void manyThatSeeAnInstanceDeadMakeAnotherOnce() throws Exception {
    var kek = found(KeySpec.KEK);
    var dead = SunSabotage.of(token, bench);
    long before = token.statistics().relogins();
    var threads = new ArrayList<Thread>();
    dead.lock().lock();
    try {
      dead.closeSessions().act().run();
      for (int i = 0; i < 6; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try (var arena = Arena.ofConfined()) {
                    var out = arena.allocate(token.sealedSize(kek, 9));
                    token.seal(kek, arena.allocate(9), AAD, out);
                  }
                }));
      }
      Thread.sleep(100); // all wait at the lock
    } finally {
      dead.lock().unlock();
    }
    for (var thread : threads) {
      thread.join();
    }
    assertEquals(before + 1, token.statistics().relogins());
  }

  @Test
  void aSealingKeyThatWasUsedIsTriedWithoutACall() throws Exception {
    var kek = found(KeySpec.KEK);
    try (var arena = Arena.ofConfined()) {
      token.seal(kek, arena.allocate(9), AAD, arena.allocate(token.sealedSize(kek, 9)));
    }
    for (int i = 0; i < 1000 && opens(kek) == 0; i++) {
      Thread.sleep(10);
    }
    assertTrue(opens(kek) > 0);
  }

  private long opens(KeyRef kek) {
    return token.statistics().opens().getOrDefault(kek, 0L);
  }

  @Test
  void whatIsTakenAwayWithoutEndIsUsedOnceByWhoeverMadeItAnew() throws Exception {
    var sabotage = SunSabotage.of(token, bench);
    try (var arena = Arena.ofConfined();
        var _ = sabotage.withoutEnd(sabotage.closeSessions())) {
      for (int i = 0; i < 5; i++) {
        long before = token.statistics().relogins();
        token.random(arena.allocate(64)); // beyond what the provider keeps of an earlier answer
        long made = token.statistics().relogins() - before;
        assertTrue(made <= 2, made + " instances for one call"); // the pulse may have made one
      }
    }
  }

  /** The provider would close them by number when it is collected, and take another's. */
  @Test
  void theSessionsOfADeadInstanceAreClosedBeforeTheNextOneOpensAny() throws IOException {
    var own = Files.createDirectory(directory.resolve("shimmed"));
    var copy = Files.copy(tokens.library(), own.resolve("libsofthsm2.so"));
    var shim = CompiledShim.before(copy, own);
    var shimmed = TokenLibrary.at(shim.library()).through(Backend.SUN).under(softHsmProfile());
    try (var counted = Tokens.open(TokenConfiguration.of(shimmed, tokens.edgeLabel()));
        var arena = Arena.ofConfined()) {
      counted.login(new PinFile(tokens.edgePinFile()));
      counted.random(arena.allocate(64));
      var behind = Bench.behind(shim.library(), tokens.edgeLabel(), tokens.edgePinFile());
      SunSabotage.of(counted, behind).closeSessions().act().run();
      shim.set(CompiledShim.Setting.CLOSED, 0);
      counted.random(arena.allocate(64));
      assertTrue(shim.get(CompiledShim.Setting.CLOSED) > 0);
    }
  }

  @Test
  void theEdgeTokenServesItsTlsKeyThroughThisBackendToo() throws GeneralSecurityException {
    var edge = new EdgeConfiguration(library, tokens.edgeLabel(), tokens.edgePinFile());
    try (var signer = EdgeToken.provision(edge)) {
      var digest = Digest.sha256(new byte[] {7});
      var verifier = Signature.getInstance("NONEwithECDSAinP1363Format");
      verifier.initVerify(signer.publicKey().decoded());
      verifier.update(digest.bytes());
      assertTrue(verifier.verify(signer.sign(digest)));
      assertEquals(List.of(), signer.evidence().violations(KeySpec.TLS));
      assertTrue(signer.report().limits().contains(TokenReport.EVIDENCE_BY_CHILD));
    }
    try (var again = EdgeToken.open(edge)) {
      assertEquals(64, again.sign(Digest.sha256(new byte[] {8})).length);
    }
  }

  @Test
  void oneTokenHasOneOwner() {
    assertThrows(
        TokenAmbiguous.class,
        () -> Tokens.open(TokenConfiguration.of(library, tokens.coreLabel())).close());
  }

  @Test
  void aProfileThatSealsInAnotherWayIsRefusedByThisBackend() throws IOException {
    var profile =
        Files.writeString(
            directory.resolve("own.profile"),
            "name = x\ntitle = X\nmeasured = no\nsource = test\naead = CBC_HMAC\n");
    var refusal =
        assertThrows(
            Unsupported.class,
            () ->
                Tokens.open(TokenConfiguration.of(library.under(profile), tokens.edgeLabel()))
                    .close());
    assertTrue(String.valueOf(refusal.getMessage()).contains("use the native one"));
  }

  private SoftHsmTokens twins() {
    var pair = tokens.provision("twins");
    for (int i = 0; i < 2; i++) {
      var own = TokenLibrary.at(tokens.library());
      try (var made = Bench.of(own, pair.coreLabel(), pair.corePinFile())) {
        made.twin("kek");
      }
    }
    var edge = TokenLibrary.at(tokens.library());
    try (var made = Bench.of(edge, pair.edgeLabel(), pair.edgePinFile())) {
      made.readable("kek");
    }
    return pair;
  }

  /** One stray object denies the provider its whole key store. */
  @Test
  void twoSecretKeysOfOneLabelAreToldAtLogin() {
    try (var denied = Tokens.open(TokenConfiguration.of(library, twins.coreLabel()))) {
      assertThrows(KeyAmbiguous.class, () -> denied.login(new PinFile(twins.corePinFile())));
      assertInstanceOf(TokenState.Failed.class, denied.state());
    }
  }

  @Test
  void aKeyThatCanBeReadOutOfTheTokenIsNotUsed() {
    try (var other = Tokens.open(TokenConfiguration.of(library, twins.edgeLabel()));
        var arena = Arena.ofConfined()) {
      other.login(new PinFile(twins.edgePinFile()));
      var kek = other.find(KeySpec.KEK.name()).orElseThrow();
      var out = arena.allocate(other.sealedSize(kek, 9));
      var refusal =
          assertThrows(TokenFault.class, () -> other.seal(kek, arena.allocate(9), AAD, out));
      assertTrue(
          String.valueOf(refusal.getMessage()).contains("a key that can be read"),
          refusal.getMessage());
      assertEquals(-1, out.mismatch(arena.allocate(out.byteSize())));
    }
  }

  /** The declared gap: the JDK initialises a library once. Its own copy, for it is dead after. */
  @Test
  void aLibraryThatWasFinalisedFailsTheTokenForGood() throws IOException {
    var copy = Files.copy(tokens.library(), directory.resolve("libother.so"));
    var doomed = TokenLibrary.at(copy).through(Backend.SUN).under(softHsmProfile());
    var own = Tokens.open(TokenConfiguration.of(doomed, tokens.edgeLabel()));
    own.login(new PinFile(tokens.edgePinFile()));
    var finisher = Bench.behind(copy, tokens.edgeLabel(), tokens.edgePinFile());
    SunSabotage.of(own, finisher).reinitialise().act().run();
    var digest = Digest.sha256(new byte[1]);
    var key = new KeyRef(KeySpec.TLS.name(), "00".repeat(16));
    assertThrows(
        LoggedOut.class,
        () -> {
          while (true) {
            own.random(Arena.ofAuto().allocate(8));
            own.sign(key, digest);
          }
        });
    var failed = assertInstanceOf(TokenState.Failed.class, own.state());
    assertTrue(failed.reason().contains("cannot repair"), failed.reason());
    own.close();
  }

  private Path softHsmProfile() throws IOException {
    return Files.writeString(
        directory.resolve("soft.profile"),
        "name = soft\ntitle = S\nmeasured = no\nsource = test\ngcm.params = 48\n");
  }

  private KeyRef found(KeySpec spec) {
    return token.find(spec.name()).orElseThrow();
  }
}
