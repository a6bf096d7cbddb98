package io.sharekeep.attestation.appraise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No forgery passes, each is refused for its own reason, and an exception is never a pass. */
class ForgeryCorpusTest {
  private static final byte[] FILE = new Draft().file();
  private static final Question QUESTION = new Draft().question();

  static Stream<Forgery> forgeries() {
    return Forgeries.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void isRefusedForItsOwnReason(Forgery forgery) {
    var draft = new Draft();
    forgery.change().accept(draft);
    var verdict = draft.appraise();
    assertEquals(forgery.exit(), verdict.exit(), () -> GoodReportTest.text(verdict));
    assertTrue(
        verdict.findings().stream()
            .filter(finding -> finding.outcome() != Finding.Outcome.PASS)
            .anyMatch(finding -> finding.check().equals(forgery.check())),
        () -> GoodReportTest.text(verdict));
    assertEquals(
        forgery.exit() == Exit.WARNING || forgery.exit() == Exit.INSUFFICIENT,
        verdict.memory().isPresent(),
        "only a report that is believed is remembered");
  }

  @Test
  void thereAreEnoughOfThemAndNoTwoOfOneName() {
    var names = new HashSet<String>();
    Forgeries.all().forEach(forgery -> assertTrue(names.add(forgery.name()), forgery.name()));
    assertTrue(names.size() >= 60, "" + names.size());
  }

  static Stream<String> checks() {
    return Checks.all().stream().map(Check::id);
  }

  @ParameterizedTest
  @MethodSource("checks")
  void anExceptionInACheckIsAnErrorAndNeverAPass(String id) {
    var broken =
        Checks.all().stream()
            .map(check ->
                check.id().equals(id)
                    ? Check.of(
                        id,
                        _ -> {
                          throw new IllegalStateException("injected");
                        })
                    : check)
            .toList();
    var verdict = new Appraiser(broken).appraise(FILE, QUESTION);
    assertEquals(Exit.ERROR, verdict.exit());
    assertTrue(verdict.reason().startsWith(id + ": "), verdict.reason());
    assertFalse(verdict.memory().isPresent());
  }

  @Test
  void withoutItsChecksAnAppraiserAffirmsNothing() {
    var verdict = new Draft().appraise(new Appraiser(java.util.List.of()));
    assertEquals(Exit.CONTRAINDICATED, verdict.exit(), "hardware starts at 97");
  }

  @Test
  void aSwappedJarIsNamed() {
    var draft = new Draft();
    Forgeries.swappedJar(draft, true);
    var verdict = draft.appraise();
    assertTrue(
        verdict.findings().stream()
            .anyMatch(f -> f.found().equals("not as release 1.4.2 ships: jar/enclave-ops.jar")),
        () -> GoodReportTest.text(verdict));
  }

  @Test
  void aSoftTokenIsNamedUnderAProductionPolicy() {
    var draft = new Draft();
    Forgeries.production(draft);
    var verdict = draft.appraise();
    assertEquals(Exit.CONTRAINDICATED, verdict.exit());
    assertEquals("hsm.evidence: soft token, SoftHSM v2", verdict.reason());
  }
}
