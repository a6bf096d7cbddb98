package io.sharekeep.threshold.keygen.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommitRuleTest {
  private static final boolean CAMPAIGN = Boolean.getBoolean("sharekeep.campaign");

  private static Exploration.Result explore(
      Cast cast, Caller caller, CommitRules.Maker maker, int limit) {
    return Exploration.of(
        new CommitWorld(cast.honest(), cast.malicious(), cast.strange(), caller, maker), limit);
  }

  /**
   * Who takes part.
   *
   * @param strange whether the malicious also forge, and say what belongs elsewhere
   */
  record Cast(int honest, int malicious, boolean strange) {
    static final Cast HONEST = new Cast(3, 0, false);
    static final Cast ONE_MALICIOUS = new Cast(2, 1, false);
    static final Cast STRANGE = new Cast(2, 1, true);
    static final Cast TWO_MALICIOUS = new Cast(2, 2, false);

    @Override
    public String toString() {
      return "%d honest, %d malicious%s"
          .formatted(honest, malicious, strange ? " with forgeries" : "");
    }
  }

  static Stream<Cast> casts() {
    var small = Stream.of(Cast.HONEST, Cast.ONE_MALICIOUS, Cast.STRANGE, new Cast(1, 2, false));
    var large = Stream.of(new Cast(3, 1, false), Cast.TWO_MALICIOUS);
    return CAMPAIGN ? Stream.concat(small, large) : small;
  }

  /** Crashes, losses, reorderings, restarts, and who is malicious signing both outcomes. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("casts")
  void whateverHappensNoUsedKeyIsSplit(Cast cast) {
    long start = System.nanoTime();
    var result = explore(cast, Caller.FAITHFUL, LedgerRules::new, 200_000_000);
    System.out.printf(
        "commit rule, %s: %,d states, %,d steps, %.1f s%n",
        cast, result.states(), result.transitions(), (System.nanoTime() - start) / 1e9);

    assertEquals(Optional.empty(), result.counterexample());
    assertTrue(result.complete());
  }

  /** A guard of the ledger, and the promise that fails without it. */
  record Guard(String name, Cast cast, Property property, String guard, String instead) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Guard> guards() {
    return Stream.of(
        new Guard(
            "active only with the certificates of all",
            Cast.HONEST,
            Property.HONEST_PARTIES_AGREE,
            "if (!certificates().equals(identities.keySet())) {",
            "if (certificates().isEmpty()) {"),
        new Guard(
            "usable only with the actives of all",
            Cast.ONE_MALICIOUS,
            Property.A_USED_KEY_IS_WHOLE,
            "actives().equals(identities.keySet()) ? KeyStatus.USABLE",
            "actives().size() > 1 ? KeyStatus.USABLE"),
        new Guard(
            "a party with a record withdraws only on the word of one that never had any",
            Cast.ONE_MALICIOUS,
            Property.NO_SPLIT,
            "            && !neverCertifying().isEmpty()\n",
            ""),
        new Guard(
            "who withdrew does not follow a bundle alone",
            Cast.ONE_MALICIOUS,
            Property.NO_SPLIT,
            "return !withdrawn.contains(self) || !withdrawn.containsAll(actives());",
            "return true;"),
        new Guard(
            "who withdrew does not follow the active of one that withdrew",
            Cast.ONE_MALICIOUS,
            Property.NO_SPLIT,
            "!withdrawn.containsAll(actives())",
            "!actives().isEmpty()"),
        new Guard(
            "who withdrew may still follow",
            Cast.ONE_MALICIOUS,
            Property.HONEST_PARTIES_AGREE,
            " || !withdrawn.containsAll(actives())",
            ""),
        new Guard(
            "discarded only with the withdrawals of all",
            Cast.ONE_MALICIOUS,
            Property.NO_SPLIT,
            "if (withdrawals().equals(identities.keySet())) {",
            "if (withdrawals().size() > 1) {"),
        new Guard(
            "who holds the bundle goes on without being asked",
            Cast.HONEST,
            Property.ANOTHER_ATTEMPT_SUCCEEDS,
            "return !withdrawn.contains(self) ||",
            "return"),
        new Guard(
            "a party without a record may withdraw",
            Cast.HONEST,
            Property.HONEST_PARTIES_AGREE,
            ": Optional.of(new Statement.Withdrawal(session, epoch, false));",
            ": Optional.empty();"),
        new Guard(
            "only who said never is blamed",
            Cast.ONE_MALICIOUS,
            Property.BLAME_IS_EXACT,
            "culprits.retainAll(neverCertifying());",
            "culprits.retainAll(withdrawals());"),
        new Guard(
            "who said both is blamed",
            Cast.ONE_MALICIOUS,
            Property.BLAME_IS_EXACT,
            "culprits.retainAll(neverCertifying());",
            "culprits.clear();"),
        new Guard(
            "a certificate is of this key",
            Cast.STRANGE,
            Property.BLAME_IS_EXACT,
            "of == epoch && certified.map(hash::equals).orElse(true);\n      case Statement.Active",
            "of == epoch;\n      case Statement.Active"),
        new Guard(
            "a statement is of this session",
            Cast.STRANGE,
            Property.BLAME_IS_EXACT,
            "if (!statement.session().equals(session)) {",
            "if (statement.session().length() != session.length()) {"),
        new Guard(
            "a withdrawal is of this epoch",
            Cast.STRANGE,
            Property.BLAME_IS_EXACT,
            "case Statement.Withdrawal(_, long of, boolean _) -> of == epoch;",
            "case Statement.Withdrawal(_, long of, boolean _) -> of >= epoch;"),
        new Guard(
            "a statement is signed",
            Cast.STRANGE,
            Property.ALL_CERTIFIED,
            "if (!statement.verifies(identity)) {",
            "if (!statement.verifies(identity) && statements.isEmpty()) {"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("guards")
  void withoutAGuardThereIsACounterexample(Guard guard, @TempDir Path directory) throws Exception {
    var maker = BrokenRules.without(guard.guard(), guard.instead(), directory);
    var result = explore(guard.cast(), Caller.FAITHFUL, maker, 1_000_000);

    report("without: " + guard, result);
    assertEquals(
        Optional.of(guard.property()),
        result.counterexample().map(Exploration.Counterexample::property));
  }

  /** Duties of the code around the ledger, as its Javadoc states them. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FAITHFUL")
  void aCallerThatNeglectsItsDutyBreaksAPromise(Caller caller) {
    var result = explore(Cast.ONE_MALICIOUS, caller, LedgerRules::new, 1_000_000);

    report("a caller that " + caller, result);
    assertTrue(result.counterexample().isPresent());
  }

  private static void report(String what, Exploration.Result result) {
    if (!CAMPAIGN) {
      return;
    }
    System.out.printf(
        "%s: %,d states, %s%n%n",
        what, result.states(), result.counterexample().map(Object::toString).orElse("holds"));
  }
}
