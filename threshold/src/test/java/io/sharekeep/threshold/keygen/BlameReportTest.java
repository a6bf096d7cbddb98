package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.blame.BlameVerifier;
import io.sharekeep.threshold.blame.Finding;
import io.sharekeep.threshold.blame.Finding.Kind;
import io.sharekeep.threshold.blame.Verdict;
import io.sharekeep.threshold.group.JavaEd25519;
import io.sharekeep.threshold.keygen.TestCeremony.Relay;
import io.sharekeep.threshold.wire.BlameReport;
import io.sharekeep.threshold.wire.EnvelopeCertificate;
import io.sharekeep.threshold.wire.EnvelopeCertificate.Body;
import io.sharekeep.threshold.wire.IdentityPins;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * A report is worth what its signed messages show, to whoever knows the identity keys and nothing
 * else; one that was altered, or lies, is worth nothing. What is proved of whom is asserted beside
 * each attack, in {@link KeyGenerationAdversaryTest}.
 */
@LeavesNothing
class BlameReportTest {
  private static final PartyId ONE = new PartyId(1);
  private static final PartyId TWO = new PartyId(2);
  private static final PartyId THREE = new PartyId(3);

  /** Party 3 deals a bad share to party 1. */
  private static TestCeremony badShare() {
    var ceremony = honest();
    Rogue.join(
        new Rogue(ceremony, THREE, 2) {
          @Override
          void spoil(PartyId recipient, MemorySegment payload) {
            if (recipient.equals(ONE)) {
              payload.set(
                  ValueLayout.JAVA_BYTE, 20, (byte) (payload.get(ValueLayout.JAVA_BYTE, 20) ^ 1));
            }
          }
        });
    ceremony.run(Relay.HONEST);
    return ceremony;
  }

  private static TestCeremony honest() {
    return new TestCeremony(
        TestGroups.of(Suite.FROST_ED25519), Suite.FROST_ED25519, TestCeremony.committee(2, 3), 7);
  }

  private static Kind only(Verdict verdict) {
    var findings = assertInstanceOf(Verdict.Judged.class, verdict).findings();
    assertEquals(1, findings.size(), findings::toString);
    return findings.getFirst().kind();
  }

  private static String rejected(Verdict verdict) {
    return assertInstanceOf(Verdict.Rejected.class, verdict).reason();
  }

  /** What party 1 says of another, honestly signed, whatever it has seen. */
  private static byte[] said(TestCeremony ceremony, Fault fault, PartyId... accused) {
    return ceremony
        .party(ONE)
        .endpoint
        .accuse(fault, List.of(accused), List.of(), Optional.empty())
        .encoded();
  }

  @Test
  void noAlteredByteOfAReportLeavesItWorthAnything() {
    try (var ceremony = badShare()) {
      var report = ceremony.blame(ONE);
      assertEquals(Kind.PROVED, only(ceremony.judged(report)));
      for (int at = 0; at < report.length; at += 331) {
        var altered = report.clone();
        altered[at] ^= 1;
        SignedBlame.decode(altered)
            .valid()
            .ifPresent(blame ->
                rejected(
                    new BlameVerifier(
                            new IdentityPins(TestParty.pins(ceremony.context)), _ -> ceremony.group)
                        .verify(blame)));
      }
    }
  }

  @Test
  void aReportIsDecodedToWhatWasSaid() {
    try (var ceremony = badShare()) {
      var blame = SignedBlame.decode(ceremony.blame(ONE)).valid().orElseThrow();

      assertEquals(ONE, blame.report().accuser());
      assertEquals(List.of(THREE), blame.report().accused());
      assertEquals(Fault.BAD_SHARE, blame.report().fault());
      assertEquals(ceremony.context, blame.report().context());
      assertEquals(
          blame.bytes(),
          BlameReport.decode(blame.bytes().toArray()).valid().orElseThrow().encoded());
    }
  }

  @Test
  void whoDidNothingIsNotProvedToHaveDoneAnything() {
    try (var ceremony = badShare()) {
      for (var fault : Fault.values()) {
        var kind = only(ceremony.judged(said(ceremony, fault, TWO)));
        assertTrue(kind == Kind.UNFOUNDED || kind == Kind.WORD, fault + ": " + kind);
      }
    }
  }

  @Test
  void whatOnlyTheAccuserCanKnowIsItsWord() {
    try (var ceremony = honest().run(Relay.HONEST)) {
      for (var fault : List.of(Fault.BAD_EXTENSION, Fault.BAD_PRODUCT, Fault.BAD_CONSISTENCY)) {
        assertEquals(Kind.WORD, only(ceremony.judged(said(ceremony, fault, TWO))), fault::toString);
      }
    }
  }

  @Test
  void aReportOfAnotherCommitteeIsWorthNothing() {
    try (var ceremony = badShare()) {
      var pins = TestParty.pins(ceremony.context);
      pins.put(TWO, Identity.fresh().pin());
      var verdict =
          new BlameVerifier(new IdentityPins(pins), _ -> ceremony.group)
              .verify(SignedBlame.decode(ceremony.blame(ONE)).valid().orElseThrow());

      assertTrue(rejected(verdict).contains("pins another identity key"), verdict::toString);
    }
  }

  /** The report of one party with its evidence chosen by somebody else, signed by that party. */
  private static Verdict with(TestCeremony ceremony, List<SignedEnvelope> evidence) {
    var said =
        ceremony
            .party(ONE)
            .endpoint
            .accuse(Fault.BAD_SHARE, List.of(THREE), evidence, Optional.empty());
    return ceremony.judged(said.encoded());
  }

  @Test
  void aMessageThatItsSenderDidNotSignSpoilsTheReport() {
    try (var ceremony = badShare()) {
      var forged =
          ceremony.traffic.stream()
              .filter(sent -> sent.envelope().from().equals(TWO))
              .map(sent ->
                  new SignedEnvelope(
                      sent.bytes(), sent.envelope(), ceremony.traffic.getFirst().signature()))
              .findFirst()
              .orElseThrow();

      assertTrue(rejected(with(ceremony, List.of(forged))).contains("did not sign its message"));
    }
  }

  /** Signed by their sender, who may have said so elsewhere. */
  @Test
  void aMessageOfAnotherSessionSpoilsTheReport() {
    try (var ceremony = honest().run(Relay.HONEST)) {
      for (var elsewhere :
          List.of(
              MisusedEnvelope.ANOTHER_PROTOCOL,
              MisusedEnvelope.ANOTHER_SUITE,
              MisusedEnvelope.ANOTHER_KEY,
              MisusedEnvelope.ANOTHER_EPOCH,
              MisusedEnvelope.ANOTHER_SESSION,
              MisusedEnvelope.ANOTHER_EXPIRY)) {
        var foreign =
            SignedEnvelope.decode(elsewhere.of(sent(ceremony, 1, TWO), ceremony.party(TWO), ONE))
                .valid()
                .orElseThrow();

        assertTrue(
            rejected(with(ceremony, List.of(foreign))).contains("is of another session"),
            elsewhere::toString);
      }
    }
  }

  @Test
  void whatIsSaidInALaterRoundOfAnotherSessionProvesNothing() {
    try (var ceremony = honest().run(Relay.HONEST)) {
      var nonsense = Altered.payload(sent(ceremony, 2, THREE).envelope(), Octets.of(new byte[9]));
      var here = ceremony.party(THREE).signer.sign(nonsense);
      var elsewhere =
          ceremony
              .party(THREE)
              .signer
              .sign(Change.of(nonsense).session(Octets.of(new byte[32])).made());

      var complaint = Altered.payload(sent(ceremony, 3, THREE).envelope(), Octets.of(new byte[9]));

      assertEquals(Kind.PROVED, malformed(ceremony, here));
      assertEquals(Kind.WORD, malformed(ceremony, elsewhere));
      assertEquals(Kind.PROVED, malformed(ceremony, ceremony.party(THREE).signer.sign(complaint)));
    }
  }

  /** Round 1 of all, and that. */
  private static Kind malformed(TestCeremony ceremony, SignedEnvelope sent) {
    var evidence = new ArrayList<SignedEnvelope>();
    for (var party : List.of(ONE, TWO, THREE)) {
      evidence.add(sent(ceremony, 1, party));
    }
    evidence.add(sent);
    return Witness.judge(ceremony, report(ceremony, Fault.BAD_ENCODING, evidence)).getFirst();
  }

  private static BlameReport report(
      TestCeremony ceremony, Fault fault, List<SignedEnvelope> evidence) {
    return new BlameReport(
        ceremony.context, ONE, fault, List.of(THREE), evidence, Optional.empty());
  }

  /** To different parties, or in different sessions, one may say different things. */
  @Test
  void onlyTwoMessagesForTheSamePlaceContradictEachOther() {
    try (var ceremony = honest().run(Relay.HONEST)) {
      var signer = ceremony.party(THREE).signer;
      var first = sent(ceremony, 1, THREE);
      var said = sent(ceremony, 2, THREE);
      var again = signer.sign(Altered.payload(said.envelope(), Octets.of(new byte[] {1})));
      var elsewhere =
          signer.sign(Change.of(again.envelope()).session(Octets.of(new byte[32])).made());
      var toOne = signer.sign(Change.of(again.envelope()).to(Optional.of(ONE)).made());

      assertEquals(Kind.PROVED, equivocation(ceremony, first, said, again));
      assertEquals(Kind.UNFOUNDED, equivocation(ceremony, first, said, elsewhere));
      assertEquals(Kind.UNFOUNDED, equivocation(ceremony, first, said, toOne));
      assertEquals(Kind.UNFOUNDED, equivocation(ceremony, first, said, said));
    }
  }

  private static Kind equivocation(TestCeremony ceremony, SignedEnvelope... evidence) {
    return Witness.judge(ceremony, report(ceremony, Fault.EQUIVOCATION, List.of(evidence)))
        .getFirst();
  }

  @Test
  void aMessageWhoseKeyIsNotCertifiedInTheReportSpoilsIt() {
    try (var ceremony = honest().run(Relay.HONEST)) {
      var said = report(ceremony, Fault.BAD_PRODUCT, List.of(sent(ceremony, 2, TWO)));

      assertEquals(List.of(), Witness.judge(ceremony, said));
    }
  }

  /** Of the accuser, whose own identity key signs whatever it is told to. */
  private static Verdict certified(TestCeremony ceremony, Body body, Identity by) {
    var said =
        new BlameReport(
            ceremony.context, ONE, Fault.BAD_PRODUCT, List.of(TWO), List.of(), Optional.empty());
    return new BlameVerifier(
            new IdentityPins(TestParty.pins(ceremony.context)), _ -> ceremony.group)
        .verify(
            new SignedBlame(
                said.encoded(),
                said,
                EnvelopeCertificate.issue(body, by::sign),
                ceremony.party(ONE).signer.signReport(said.encoded())));
  }

  private static Body body(TestCeremony ceremony, PartyId name, long notBefore, long notAfter) {
    var own = ceremony.party(ONE).signer.certificate().body();
    return new Body(
        name,
        Identity.of(name).pin().digest(),
        own.envelopeKey(),
        own.bootId(),
        notBefore,
        notAfter,
        own.serial(),
        own.logKey());
  }

  @Test
  void theAccusersCertificateIsItsOwnAndOfTheTimeOfTheSession() {
    try (var ceremony = honest()) {
      long end = ceremony.context.deadline();
      var own = Identity.of(ONE);

      assertEquals(Kind.WORD, only(certified(ceremony, body(ceremony, ONE, end, end + 3600), own)));
      assertEquals(
          Kind.WORD, only(certified(ceremony, body(ceremony, ONE, end - 7200, end - 3600), own)));
      for (var wrong :
          List.of(
              certified(ceremony, body(ceremony, ONE, end - 1, end + 3600), own),
              certified(ceremony, body(ceremony, ONE, end + 1, end + 3600), own),
              certified(ceremony, body(ceremony, ONE, end - 7201, end - 3601), own),
              certified(ceremony, body(ceremony, TWO, end, end + 3600), Identity.of(TWO)),
              certified(ceremony, body(ceremony, ONE, end, end + 3600), Identity.of(TWO)))) {
        assertTrue(rejected(wrong).contains("not signed by its pinned identity key"));
      }
    }
  }

  @Test
  void aPartyHasOneCertificateInASession() {
    try (var ceremony = honest().run(Relay.HONEST)) {
      var sent = sent(ceremony, 1, TWO).envelope();
      var own = sent.certificate().orElseThrow().body();
      var second =
          EnvelopeCertificate.issue(
              new Body(
                  own.party(),
                  own.identityKey(),
                  own.envelopeKey(),
                  own.bootId(),
                  own.notBefore(),
                  own.notAfter(),
                  own.serial() + 1,
                  own.logKey()),
              Identity.of(TWO)::sign);
      var other =
          ceremony.party(TWO).signer.sign(Change.of(sent).certificate(Optional.of(second)).made());

      assertTrue(
          rejected(with(ceremony, List.of(sent(ceremony, 1, TWO), other)))
              .contains("two certificates"));
    }
  }

  /** Its accuser took it at its word; who judges does not. */
  @Test
  void whatARelayBentIsNotInAReport() {
    try (var ceremony =
        honest()
            .run((round, recipient, sent) ->
                round == 2 && recipient.equals(ONE) && sent.envelope().from().equals(TWO)
                    ? List.of(unsigned(sent))
                    : List.of(sent.encoded()))) {
      assertEquals(Kind.WORD, only(ceremony.judged(said(ceremony, Fault.BAD_EXTENSION, TWO))));
    }
  }

  private static byte[] unsigned(SignedEnvelope sent) {
    var signature = sent.signature().toArray();
    signature[40] ^= 1;
    return new SignedEnvelope(sent.bytes(), sent.envelope(), Octets.of(signature)).encoded();
  }

  @Test
  void aSessionOfACommitteeThatIsNoneProvesNothing() {
    var whole = new TreeMap<PartyId, List<EvaluationPoint>>();
    whole.put(ONE, List.of(new EvaluationPoint(1), new EvaluationPoint(2)));
    whole.put(TWO, List.of(new EvaluationPoint(3)));
    assertTrue(Committee.defect(2, whole).isPresent());
    try (var ceremony = honest()) {
      var c = ceremony.context;
      var context =
          new SessionContext(
              c.protocol(),
              c.suite(),
              c.keyId(),
              c.epoch(),
              2,
              whole.entrySet().stream()
                  .map(own ->
                      new SessionContext.Member(
                          own.getKey(), Identity.of(own.getKey()).pin().digest(), own.getValue()))
                  .toList(),
              List.of(ONE, TWO),
              1,
              List.of(),
              c.requestDigest(),
              Optional.empty(),
              c.deadline(),
              c.nonce(),
              c.committeeDocument(),
              1);
      var said =
          new BlameReport(
              context, ONE, Fault.BAD_DEGREE, List.of(TWO), List.of(), Optional.empty());

      assertEquals(List.of(Kind.UNFOUNDED), Witness.judge(ceremony, said));
    }
  }

  @Test
  void noAlteredBitMakesTheDecoderThrow() {
    try (var ceremony = honest()) {
      var report = said(ceremony, Fault.BAD_PRODUCT, TWO);
      assertTrue(SignedBlame.decode(report).valid().isPresent());
      int read = 0;
      for (int bit = 0; bit < 8 * report.length; bit += 7) {
        var altered = report.clone();
        altered[bit / 8] ^= (byte) (1 << bit % 8);
        read += SignedBlame.decode(altered).valid().isPresent() ? 1 : 0;
      }
      assertTrue(read > 0 && read < 8 * report.length);
    }
  }

  private static SignedEnvelope sent(TestCeremony ceremony, int round, PartyId from) {
    return ceremony.traffic.stream()
        .filter(sent -> sent.envelope().round() == round && sent.envelope().from().equals(from))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void withoutOneMessageOfTheProofThereIsNone() {
    try (var ceremony = badShare()) {
      var blame = SignedBlame.decode(ceremony.blame(ONE)).valid().orElseThrow();
      var evidence = blame.report().evidence();
      List<Predicate<SignedEnvelope>> needed =
          List.of(
              sent -> sent.envelope().round() == 1 && sent.envelope().from().equals(TWO),
              sent -> sent.envelope().round() == 2 && sent.envelope().from().equals(THREE),
              sent -> sent.envelope().round() == 3 && sent.envelope().from().equals(ONE));
      for (var omitted : needed) {
        var rest = new ArrayList<>(evidence);
        assertTrue(rest.removeIf(omitted));
        var judged =
            Witness.judge(
                ceremony,
                new BlameReport(
                    ceremony.context,
                    ONE,
                    Fault.BAD_SHARE,
                    List.of(THREE),
                    rest,
                    Optional.empty()));
        assertFalse(judged.contains(Kind.PROVED), judged::toString);
      }
    }
  }

  /** Judges what somebody says under the accuser's own key. */
  private static final class Witness {
    private Witness() {}

    static List<Kind> judge(TestCeremony ceremony, BlameReport report) {
      var party = ceremony.party(report.accuser());
      var encoded = report.encoded();
      var signed =
          new SignedBlame(
              encoded, report, party.signer.certificate(), party.signer.signReport(encoded));
      var verifier =
          new BlameVerifier(
              new IdentityPins(TestParty.pins(ceremony.context)), _ -> new JavaEd25519());
      return switch (verifier.verify(signed)) {
        case Verdict.Judged(var findings) -> findings.stream().map(Finding::kind).toList();
        case Verdict.Rejected _ -> List.of();
      };
    }
  }
}
