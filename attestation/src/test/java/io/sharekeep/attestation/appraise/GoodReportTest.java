package io.sharekeep.attestation.appraise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.eat.Labels;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.policy.TrustClaim;
import io.sharekeep.attestation.report.Bundle;
import io.sharekeep.cbor.Cbor;
import org.junit.jupiter.api.Test;

class GoodReportTest {
  @Test
  void anUntouchedReportPassesUnderThePolicyThatNamesItsWarnings() {
    var verdict = new Draft().appraise();
    assertEquals(Exit.AFFIRMING, verdict.exit(), () -> text(verdict));
    assertEquals(-40, verdict.vector().value(TrustClaim.HARDWARE));
    assertEquals(3, verdict.vector().value(TrustClaim.EXECUTABLES));
    assertEquals(2, verdict.vector().value(TrustClaim.CONFIGURATION));
    assertEquals(32, verdict.vector().value(TrustClaim.RUNTIME_OPAQUE));
    assertEquals(-2, verdict.vector().value(TrustClaim.STORAGE_OPAQUE));
    assertEquals(2, verdict.vector().value(TrustClaim.SOURCED_DATA));
    assertEquals(Tier.WARNING, verdict.tier());
  }

  @Test
  void everyCheckHasItsLine() {
    var shown = new Draft().appraise().findings().stream().map(Finding::check).distinct().toList();
    assertTrue(shown.size() >= 33, shown::toString);
  }

  @Test
  void whatIsRememberedIsWhatTheReportSaid() {
    var draft = new Draft();
    var verdict = draft.appraise();
    var memory = verdict.memory().orElseThrow();
    assertEquals(4021, memory.seq());
    assertEquals(813L, memory.counter().orElseThrow());
    assertEquals(10, memory.logSize());
    assertEquals(memory, Draft.valid(Memory.read(memory.encode())));
    draft.memory = verdict.memory();
    draft.claim(Cbor.uint(3601), Labels.UPTIME);
    assertEquals(Exit.ROLLBACK, draft.appraise().exit(), "another report of that number");
  }

  @Test
  void theSameFileMayBeAppraisedTwice() {
    var draft = new Draft();
    byte[] file = draft.file();
    var first = new Appraiser().appraise(file, draft.question());
    draft.memory = first.memory();
    assertEquals(Exit.AFFIRMING, new Appraiser().appraise(file, draft.question()).exit());
  }

  @Test
  void withoutTheNamesOfItsWarningsItIsAWarning() {
    var draft = new Draft();
    draft.rule(Cbor.list(), "outcome", "pass_with_warnings_in");
    var verdict = draft.appraise();
    assertEquals(Exit.WARNING, verdict.exit());
    assertEquals("hardware -40, runtime-opaque 32", sorted(verdict.reason()));
  }

  @Test
  void reportsBetweenTheLastOneSeenAndThisOneCloseTheGap() {
    var between = new Draft();
    byte[] report = between.report();
    var draft = new Draft();
    draft.claim(Cbor.uint(4022), Labels.SEQUENCE);
    draft.claim(Cbor.bytes(Octets.sha384(report).value()), Labels.PREVIOUS);
    draft.members =
        members ->
            members.put(
                Bundle.PREVIOUS,
                Draft.member("application/cbor", Draft.encode(Cbor.list(Cbor.bytes(report)))));
    var verdict = draft.appraise();
    assertEquals(Exit.AFFIRMING, verdict.exit(), () -> text(verdict));
    draft.claim(Cbor.bytes(new byte[48]), Labels.PREVIOUS);
    assertEquals(Exit.ROLLBACK, draft.appraise().exit(), "another predecessor");
    between.signer = between.lab.custodianRoot;
    byte[] forged = between.report();
    draft.claim(Cbor.bytes(Octets.sha384(forged).value()), Labels.PREVIOUS);
    draft.members =
        members ->
            members.put(
                Bundle.PREVIOUS,
                Draft.member("application/cbor", Draft.encode(Cbor.list(Cbor.bytes(forged)))));
    assertEquals(Exit.ROLLBACK, draft.appraise().exit(), "one between that another key signed");
  }

  private static String sorted(String reason) {
    return String.join(", ", java.util.Arrays.stream(reason.split(", ")).sorted().toList());
  }

  static String text(Verdict verdict) {
    var text = new StringBuilder(verdict.reason());
    verdict.findings().stream()
        .filter(f -> f.outcome() != Finding.Outcome.PASS)
        .forEach(f -> text.append("\n").append(f));
    return text.toString();
  }
}
