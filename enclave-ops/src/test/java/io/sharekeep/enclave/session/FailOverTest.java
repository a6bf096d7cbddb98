package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.Enclaves;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.Sealing;
import io.sharekeep.enclave.StartupException;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.softhsm.TokenFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Party 1 has a second token; its core token goes and comes back while it signs. */
@SoftTokens
@LeavesNothing
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailOverTest {
  private static final Duration DROPS = Duration.ofSeconds(2);
  private static final Duration RETURNS = Duration.ofSeconds(5);

  private final SoftHsmTokens first;
  private SoftHsmTokens second;
  private TokenFolder core;
  private TokenFolder fallback;
  private Parties parties;
  private KeyDescription key;

  FailOverTest(SoftHsmTokens first) {
    this.first = first;
  }

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    second = first.provision("second");
    // Another vendor's library, as it were: its loss does not take the other token along.
    var copy = Files.copy(first.library(), home.resolve("libsofthsm2.so"));
    UnaryOperator<EnclaveConfiguration> withFallback =
        usual ->
            with(
                usual,
                TokenPlace.at(copy, first.coreLabel(), first.corePinFile()),
                second.coreLabel());
    parties =
        Parties.start(
            home,
            first,
            2,
            Map.of("both", new Shape(2, List.of(List.of(1), List.of(2)))),
            Map.of(1, withFallback));
    key = parties.generate("both", Scheme.FROST_ED25519);
    core = TokenFolder.of(first.home(), first.coreLabel());
    fallback = TokenFolder.of(first.home(), second.coreLabel());
  }

  private EnclaveConfiguration with(EnclaveConfiguration usual, TokenPlace core, String fallback) {
    return new EnclaveConfiguration(
        usual.stateDirectory(),
        core,
        Optional.of(TokenPlace.at(second.library(), fallback, second.corePinFile())),
        usual.secretMemory(),
        usual.signingThreads(),
        usual.sessionLimit());
  }

  @AfterAll
  void stop() {
    core.close();
    fallback.close();
    parties.close();
  }

  private Enclave enclave() {
    return parties.enclave(1);
  }

  private void assertSigns(KeyDescription which) {
    var order = parties.order(which);
    var outcome = Relay.run(parties.all(), parties.propose(1, order), order);
    assertInstanceOf(Outcome.Signed.class, outcome, outcome.toString());
  }

  private Check check(String name) {
    return enclave().readiness().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(enclave().readiness()));
  }

  private boolean ready() {
    return enclave().readiness().stream().allMatch(Check::passed);
  }

  private long gauge(String name) {
    return Optional.ofNullable(enclave().statistics().gauges().get(name)).orElseThrow();
  }

  private static boolean within(Duration time, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      if (condition.getAsBoolean()) {
        return true;
      }
      Thread.sleep(50);
    }
    return condition.getAsBoolean();
  }

  @Test
  void whileTheCoreTokenIsAwayTheOtherOneOpensAndNobodyNoticesButTheOperator() throws Exception {
    assertEquals(records().getFirst(), records().getLast(), "every record has two seals");
    assertSigns(key);
    assertEquals(0, enclave().sealing().failovers());
    assertEquals(1, gauge("hsm_in_use{token=\"core\"}"));

    core.takeAway();
    try {
      assertTrue(
          within(DROPS.plusSeconds(1), () -> ready() && check("hsm").detail().contains("fallback")),
          enclave().readiness().toString());
      assertTrue(check("identity").detail().contains("sessions begin without it until"));
      assertEquals(Optional.empty(), enclave().status().hsmLost());
      for (int i = 0; i < 3; i++) {
        assertSigns(key);
      }
      assertTrue(enclave().sealing().failovers() >= 6, enclave().sealing().toString());
      assertEquals(0, gauge("hsm_in_use{token=\"core\"}"));
      assertEquals(1, gauge("hsm_in_use{token=\"fallback\"}"));

      // Past the time of renewal the certificate that there is goes on.
      parties.wait(Duration.ofMinutes(42));
      assertSigns(key);
      // Once none can outlive a session, the core token is needed again.
      parties.wait(Duration.ofMinutes(13));
      assertTrue(within(DROPS, () -> !ready()), enclave().readiness().toString());
      assertTrue(check("identity").detail().contains("must come back"));
    } finally {
      core.bringBack();
    }
    assertTrue(
        within(RETURNS, () -> ready() && !check("hsm").detail().contains("fallback")),
        enclave().readiness().toString());
    long failovers = enclave().sealing().failovers();
    assertSigns(key);
    assertEquals(failovers, enclave().sealing().failovers());
  }

  /** How many records each kek opens. */
  private List<Long> records() {
    return enclave().sealing().keks().stream().map(Sealing.Kek::records).toList();
  }

  @Test
  void aKeyMadeWhileTheFallbackIsAwayIsSealedToItWhenItIsBack() throws Exception {
    fallback.takeAway();
    assertTrue(
        within(RETURNS, () -> check("fallback").detail().contains("no fail-over")),
        check("fallback").detail());
    assertTrue(ready(), "it can sign without");
    var made = parties.generate("both", Scheme.FROST_SECP256K1_TR);
    assertEquals(1, enclave().sealing().incomplete());
    assertSigns(made);
    fallback.bringBack();
    // Nobody waits for a token that is asked for nothing: it is looked for less often.
    assertTrue(
        within(RETURNS.multipliedBy(2), () -> enclave().sealing().incomplete() == 0),
        enclave().sealing().toString());
    var log = Logs.entries(((Core) enclave()).desk(), "key-resealed");
    assertTrue(log.getLast().contains("\"key\":\"" + made.id().hex() + "\""), log.toString());

    core.takeAway();
    try {
      assertTrue(within(RETURNS, () -> check("hsm").detail().contains("fallback")));
      assertSigns(made);
    } finally {
      core.bringBack();
    }
    assertTrue(within(RETURNS, () -> !check("hsm").detail().contains("fallback")));
  }

  @Test
  void aStartDoesNotWaitForTheFallbackAndTakesItInWhenItComes() throws Exception {
    parties.stop(1);
    fallback.takeAway();
    parties.start(1);
    assertTrue(ready(), enclave().readiness().toString());
    assertTrue(check("fallback").detail().contains("no fail-over"), check("fallback").detail());
    assertSigns(key);
    fallback.bringBack();
    assertTrue(
        within(RETURNS.multipliedBy(2), () -> check("fallback").detail().contains("logged in")),
        check("fallback").detail());
  }

  @Test
  void aFallbackThatIsNotTheOneIsRefusedAtTheStart() {
    var usual = parties.configuration(1);
    parties.stop(1);
    try {
      var other = first.provision("other");
      var unknown = parties.configuration(2);
      parties.stop(2);
      try {
        var refused =
            assertThrows(
                StartupException.class,
                () -> Enclaves.open(with(unknown, unknown.core(), second.coreLabel())).close());
        assertEquals(StartupException.Code.CONFIGURATION, refused.code());
        assertTrue(refused.toString().contains("hsm provision --fallback"));
      } finally {
        parties.start(2);
      }
      var wrong =
          new EnclaveConfiguration(
              usual.stateDirectory(),
              usual.core(),
              Optional.of(TokenPlace.at(other.library(), other.coreLabel(), other.corePinFile())),
              usual.secretMemory(),
              1,
              usual.sessionLimit());
      var refused = assertThrows(StartupException.class, () -> Enclaves.open(wrong).close());
      assertEquals(StartupException.Code.TOKEN_FAULT, refused.code());
      assertTrue(refused.toString().contains("fallback token has no key kek"));
      var same =
          new EnclaveConfiguration(
              usual.stateDirectory(),
              usual.core(),
              Optional.of(usual.core()),
              usual.secretMemory(),
              1,
              usual.sessionLimit());
      assertThrows(StartupException.class, () -> Enclaves.open(same).close());
    } finally {
      parties.start(1);
    }
  }
}
