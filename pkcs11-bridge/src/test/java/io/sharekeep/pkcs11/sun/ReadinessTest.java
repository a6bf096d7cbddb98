package io.sharekeep.pkcs11.sun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.cryptoki.Bench;
import io.sharekeep.pkcs11.cryptoki.CompiledShim;
import io.sharekeep.pkcs11.cryptoki.CompiledShim.Setting;
import io.sharekeep.pkcs11.cryptoki.Sabotage;
import io.sharekeep.pkcs11.cryptoki.Storm.Injection;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.softhsm.NssDatabase;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.softhsm.TokenFolder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each kind of loss at {native on SoftHSM, native on NSS, SunPKCS11 on SoftHSM}, all at once, and
 * nobody calls: it is noticed within 2 s and over within 5 s.
 */
@SoftTokens({SoftTokens.Kind.SOFTHSM, SoftTokens.Kind.NSS})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ReadinessTest {
  private static final Duration DROPS = Duration.ofSeconds(2);
  private static final Duration RETURNS = Duration.ofSeconds(5);
  private static final Aad AAD = Aad.of(new byte[] {6});
  private static final int SIZE = 100;

  private final Arena arena = Arena.ofShared();
  private final CompiledShim shim;
  private final Patient softHsm;
  private final Patient nss;
  private final Patient sun;

  /** How a token goes away and comes back. */
  private record Absence(Injection begins, Injection ends) {}

  private record Patient(
      String name,
      Token token,
      Sabotage sabotage,
      Absence absence,
      KeyRef kek,
      MemorySegment sealed) {
    boolean ready() {
      return token.state() instanceof TokenState.Ready;
    }

    void assertOpens() {
      try (var own = Arena.ofConfined()) {
        var out = own.allocate(SIZE + token.openSlack(kek));
        assertEquals(SIZE, token.open(kek, sealed, AAD, out), name);
      }
    }
  }

  ReadinessTest(SoftHsmTokens tokens, NssDatabase database, @TempDir Path directory)
      throws IOException {
    // Copies, so that a library that is finalised takes no other test's token along.
    var first = Files.createDirectory(directory.resolve("native"));
    var plain = TokenLibrary.at(Files.copy(tokens.library(), first.resolve("libsofthsm2.so")));
    var bench = Bench.of(plain, tokens.coreLabel(), tokens.corePinFile());
    var sabotage = Sabotage.of(bench);
    var folder = TokenFolder.of(tokens.home(), tokens.coreLabel());
    softHsm =
        patient(
            "native on SoftHSM",
            open(plain, tokens.coreLabel(), tokens.corePinFile()),
            sabotage,
            new Absence(
                new Injection("away", folder::takeAway), new Injection("back", folder::bringBack)));

    var library = TokenLibrary.at(database.library()).with(Optional.of(database.parameters()));
    var nssBench = Bench.of(library, database.label(), database.pinFile());
    var nssSabotage = Sabotage.of(nssBench);
    var db = database.directory().resolve("db");
    nss =
        patient(
            "native on NSS",
            open(library, database.label(), database.pinFile()),
            nssSabotage,
            new Absence(nssSabotage.takeAway(db, true), nssSabotage.bringBack(db)));

    var second = Files.createDirectory(directory.resolve("sun"));
    var copy = Files.copy(tokens.library(), second.resolve("libsofthsm2.so"));
    shim = CompiledShim.before(copy, second);
    var profile =
        Files.writeString(
            second.resolve("soft.profile"),
            "name = soft\ntitle = S\nmeasured = no\nsource = test\ngcm.params = 48\n");
    var shimmed = TokenLibrary.at(shim.library()).through(Backend.SUN).under(profile);
    provision(tokens);
    var token = open(shimmed, tokens.edgeLabel(), tokens.edgePinFile());
    var behind = Bench.behind(shim.library(), tokens.edgeLabel(), tokens.edgePinFile());
    sun =
        patient(
            "SunPKCS11 on SoftHSM",
            token,
            SunSabotage.of(token, behind),
            new Absence(
                new Injection("away", () -> shim.set(Setting.ABSENT, 0xE0)),
                new Injection("back", () -> shim.set(Setting.ABSENT, 0))));
  }

  /** The key of the token that the second backend has, for it needs a child process to make one. */
  private static void provision(SoftHsmTokens tokens) {
    try (var token = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.edgeLabel()))) {
      token.login(new PinFile(tokens.edgePinFile()));
      token.generate(KeySpec.KEK);
    }
  }

  private static Token open(TokenLibrary library, String label, Path pin) {
    var token = Tokens.open(TokenConfiguration.of(library, label));
    token.login(new PinFile(pin));
    return token;
  }

  private Patient patient(String name, Token token, Sabotage sabotage, Absence absence) {
    var kek = token.find(KeySpec.KEK.name()).orElseGet(() -> token.generate(KeySpec.KEK));
    var sealed = arena.allocate(token.sealedSize(kek, SIZE));
    token.seal(kek, arena.allocate(SIZE), AAD, sealed);
    return new Patient(name, token, sabotage, absence, kek, sealed);
  }

  @BeforeEach
  void allAreReady() {
    for (var patient : all()) {
      assertInstanceOf(TokenState.Ready.class, patient.token().state(), patient.name());
      patient.assertOpens();
    }
  }

  @AfterAll
  void close() {
    shim.close();
    for (var patient : all()) {
      patient.token().close();
    }
    for (var patient : List.of(softHsm, nss)) {
      patient.sabotage().bench().close();
    }
    arena.close();
  }

  private List<Patient> all() {
    return List.of(softHsm, nss, sun);
  }

  @Test
  void sessionsThatWereClosedAreReplaced() throws InterruptedException {
    assertHealed(all(), all().stream().map(patient -> patient.sabotage().closeSessions()));
  }

  @Test
  void aLogoutIsFollowedByALogin() throws InterruptedException {
    assertHealed(all(), all().stream().map(patient -> patient.sabotage().logout()));
  }

  /** The second backend declares that it cannot. */
  @Test
  void aLibraryThatWasFinalisedIsInitialisedAgain() throws InterruptedException {
    var able = List.of(softHsm, nss);
    assertHealed(able, able.stream().map(patient -> patient.sabotage().reinitialise()));
  }

  @Test
  void aTokenThatGoesAwayIsNotReadyAndIsOnceItIsBack() throws InterruptedException {
    assertGoneAndBack(all(), Patient::absence);
  }

  /** {@code MisbehavingTokenTest} has the same for the native backend. */
  @Test
  void aHangIsNoticedByTheSecondBackendTooAndIsOverOnceTheCallReturns()
      throws InterruptedException {
    assertGoneAndBack(
        List.of(sun),
        _ ->
            new Absence(
                new Injection("hang", () -> shim.set(Setting.HANG, 1)),
                new Injection("go on", () -> shim.set(Setting.HANG, 0))));
  }

  /** The token is there all the while: what was lost is noticed and made good in one. */
  private static void assertHealed(List<Patient> patients, Stream<Injection> injections)
      throws InterruptedException {
    var losses = patients.stream().map(patient -> patient.token().statistics().losses()).toList();
    var logins = patients.stream().map(patient -> patient.token().statistics().relogins()).toList();
    long began = System.nanoTime();
    injections.forEach(injection -> injection.act().run());
    for (int i = 0; i < patients.size(); i++) {
      var token = patients.get(i).token();
      long before = losses.get(i);
      await(DROPS, began, patients.get(i).name(), () -> token.statistics().losses() > before);
    }
    for (int i = 0; i < patients.size(); i++) {
      var patient = patients.get(i);
      long before = logins.get(i);
      await(
          RETURNS,
          began,
          patient.name(),
          () -> patient.ready() && patient.token().statistics().relogins() > before);
      patient.assertOpens();
    }
  }

  private interface Way {
    Absence of(Patient patient);
  }

  private static void assertGoneAndBack(List<Patient> patients, Way way)
      throws InterruptedException {
    long began = System.nanoTime();
    patients.forEach(patient -> way.of(patient).begins().act().run());
    try {
      for (var patient : patients) {
        await(DROPS, began, patient.name(), () -> !patient.ready());
      }
      Thread.sleep(500);
      for (var patient : patients) {
        assertFalse(patient.ready(), patient.name() + " is away");
      }
    } finally {
      patients.forEach(patient -> way.of(patient).ends().act().run());
    }
    long back = System.nanoTime();
    for (var patient : patients) {
      await(RETURNS, back, patient.name(), patient::ready);
      patient.assertOpens();
    }
  }

  private static void await(Duration time, long began, String name, BooleanSupplier condition)
      throws InterruptedException {
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - began < time.toNanos(), name + ": not within " + time);
      Thread.sleep(5);
    }
  }
}
