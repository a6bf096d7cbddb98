package io.sharekeep.threshold.blame;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.blame.Finding.Kind;
import io.sharekeep.threshold.frost.ShareEvidence;
import io.sharekeep.threshold.group.Ed25519Verifier;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.keygen.Committee;
import io.sharekeep.threshold.keygen.DealerEvidence;
import io.sharekeep.threshold.wire.BlameReport;
import io.sharekeep.threshold.wire.EnvelopeCertificate;
import io.sharekeep.threshold.wire.IdentityPins;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.SigningStatement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Judges reports offline (protocols.md, section 7.6): from their bytes and the committee's identity
 * keys alone. Pure; all of it is public.
 */
public final class BlameVerifier {
  private final IdentityPins pins;
  private final Function<GroupId, Group> groups;

  /**
   * @param pins from the reader's own committee document
   * @param groups their public operations are used, no others
   */
  public BlameVerifier(IdentityPins pins, Function<GroupId, Group> groups) {
    this.pins = pins;
    this.groups = groups;
  }

  public Verdict verify(SignedBlame blame) {
    var report = blame.report();
    return objection(blame)
        .<Verdict>map(Verdict.Rejected::new)
        .orElseGet(() ->
            new Verdict.Judged(
                report.accused().stream().map(accused -> judge(report, accused)).toList()));
  }

  /** Why it is not what the accuser signed about a session of this committee. */
  private Optional<String> objection(SignedBlame blame) {
    var report = blame.report();
    var context = report.context();
    for (var member : context.committee()) {
      if (!pins.find(member.id())
          .map(key -> key.digest().equals(member.identityKey()))
          .orElse(false)) {
        return Optional.of(
            "the committee document pins another identity key for " + member.id() + ", or none");
      }
    }
    var certificates = new HashMap<PartyId, EnvelopeCertificate>();
    certificates.put(report.accuser(), blame.certificate());
    for (var sent : report.evidence()) {
      var carried = sent.envelope().certificate();
      if (carried.isPresent()
          && !carried
              .get()
              .equals(certificates.computeIfAbsent(sent.envelope().from(), _ -> carried.get()))) {
        return Optional.of("two certificates of " + sent.envelope().from() + " in one session");
      }
    }
    var keys = new HashMap<PartyId, Ed25519Verifier>();
    for (var entry : certificates.entrySet()) {
      var key = key(context, entry.getKey(), entry.getValue());
      if (key.isEmpty()) {
        return Optional.of(
            "the certificate of "
                + entry.getKey()
                + " is not signed by its pinned identity key for the time of the session");
      }
      keys.put(entry.getKey(), key.get());
    }
    return unsigned(blame, keys);
  }

  private Optional<Ed25519Verifier> key(
      SessionContext context, PartyId party, EnvelopeCertificate certificate) {
    var body = certificate.body();
    return body.party().equals(party)
            && body.notAfter() - body.notBefore() <= EnvelopeCertificate.MAX_LIFE
            && body.notBefore() <= context.deadline()
            && context.deadline() - body.notAfter() <= EnvelopeCertificate.MAX_LIFE
        ? pins.certified(certificate)
        : Optional.empty();
  }

  private static Optional<String> unsigned(SignedBlame blame, Map<PartyId, Ed25519Verifier> keys) {
    var context = blame.report().context();
    var accuser = Optional.ofNullable(keys.get(blame.report().accuser())).orElseThrow();
    if (!blame.verifies(accuser)) {
      return Optional.of(blame.report().accuser() + " did not sign this report");
    }
    for (var sent : blame.report().evidence()) {
      var envelope = sent.envelope();
      var key = keys.get(envelope.from());
      if (key == null || !sent.verifies(key)) {
        return Optional.of(
            envelope.from() + " did not sign its message of round " + envelope.round());
      }
      if (!belongs(context, sent)) {
        return Optional.of(
            "the message of round "
                + envelope.round()
                + " of "
                + envelope.from()
                + " is of another session");
      }
    }
    return Optional.empty();
  }

  /** Later rounds carry the session id instead, which what is shown of them compares. */
  private static boolean belongs(SessionContext context, SignedEnvelope sent) {
    var envelope = sent.envelope();
    return context.signers().contains(envelope.from())
        && envelope.protocol() == context.protocol()
        && envelope.suite() == context.suite()
        && envelope.keyId().equals(context.keyId())
        && envelope.epoch() == context.epoch()
        && envelope.expiry() == context.deadline()
        && (envelope.round() > 1 || envelope.session().equals(context.hash()));
  }

  private Finding judge(BlameReport report, PartyId accused) {
    return switch (report.fault()) {
      case EQUIVOCATION ->
          contradictsItself(report.evidence(), accused)
              ? proved(accused, "it signed two different messages for one round")
              : unfounded(accused, "no two of its messages contradict each other");
      case BAD_DEGREE, BAD_COMMITMENT, BAD_PROOF, BAD_SHARE, BAD_ENCODING, BAD_SIGNATURE_SHARE ->
          byProtocol(report, accused);
      case BAD_EXTENSION, BAD_PRODUCT, BAD_CONSISTENCY ->
          word(
              accused,
              "a proof would give away a secret of the accuser's; the accuser has burnt what it"
                  + " shares with "
                  + accused);
      case BAD_PARTICIPANTS, BAD_CERTIFICATE ->
          word(accused, "the messages that would show it are not signed for others");
      case BAD_KEY_SUM, BAD_SIGNATURE, COMMITMENT_MISSING, DEGENERATE, VIEW_MISMATCH ->
          unfounded(accused, "of such a failure nobody can know who caused it");
    };
  }

  private Finding byProtocol(BlameReport report, PartyId accused) {
    return switch (report.context().protocol()) {
      case DKG -> dealer(report, accused);
      case FROST_SIGN -> signer(report, accused);
      case PAIR_REKEY, PRESIGN, ECDSA_ONLINE, ECDSA_SIGN ->
          report.fault() == Fault.BAD_COMMITMENT || report.fault() == Fault.BAD_ENCODING
              ? word(accused, "the message was for the accuser alone, and no key of it is revealed")
              : unfounded(accused, "nobody can do such a thing in this protocol");
    };
  }

  private Finding dealer(BlameReport report, PartyId accused) {
    if (Committee.defect(report.context().threshold(), points(report.context())).isPresent()) {
      return unfounded(accused, "the committee of the session is none");
    }
    var evidence = new DealerEvidence(group(report), report.context(), broadcasts(report));
    if (evidence.shows(report.fault(), accused)) {
      return proved(accused, "its signed messages show it: " + BlameReport.word(report.fault()));
    }
    if (report.fault() == Fault.BAD_SHARE && evidence.opensNothing(report.accuser(), accused)) {
      return word(
          accused, "the revealed key does not open what was sealed: accuser or accused caused it");
    }
    return report.fault() == Fault.BAD_ENCODING
        ? word(accused, "what it sent to all is well formed, and the rest is not here")
        : unfounded(accused, "its messages in the report do not show it");
  }

  private Finding signer(BlameReport report, PartyId accused) {
    var evidence = new ShareEvidence(group(report), report.context(), broadcasts(report));
    if (report.fault() == Fault.BAD_ENCODING) {
      return evidence.isMalformed(accused)
          ? proved(accused, "its signed message is malformed, or not for its own points")
          : unfounded(accused, "its messages in the report are well formed");
    }
    return report
        .stated()
        .filter(stated ->
            report.fault() == Fault.BAD_SIGNATURE_SHARE && evidence.isShareWrong(accused, stated))
        .map(stated -> new Finding(accused, Kind.CONDITIONAL, condition(stated)))
        .orElseGet(() -> unfounded(accused, "its share is right, or not in the report"));
  }

  private static String condition(SigningStatement stated) {
    return "its signed share is wrong if these are the request's message and the key's verification"
        + " shares: "
        + stated.lanes().stream()
            .map(lane -> "message " + lane.message() + " under key " + lane.key())
            .collect(Collectors.joining(", "))
        + "; "
        + stated.verificationShares().entrySet().stream()
            .map(share -> "point " + share.getKey().x() + " " + share.getValue())
            .collect(Collectors.joining(", "));
  }

  private static boolean contradictsItself(List<SignedEnvelope> evidence, PartyId accused) {
    var own = evidence.stream().filter(sent -> sent.envelope().from().equals(accused)).toList();
    return own.stream().anyMatch(one -> own.stream().anyMatch(other -> contradict(one, other)));
  }

  private static boolean contradict(SignedEnvelope one, SignedEnvelope other) {
    return one.envelope().session().equals(other.envelope().session())
        && one.envelope().round() == other.envelope().round()
        && one.envelope().to().equals(other.envelope().to())
        && !one.bytes().equals(other.bytes());
  }

  private Group group(BlameReport report) {
    return groups.apply(report.context().suite().group());
  }

  private static SortedMap<PartyId, List<EvaluationPoint>> points(SessionContext context) {
    var points = new TreeMap<PartyId, List<EvaluationPoint>>();
    context.committee().forEach(member -> points.put(member.id(), member.points()));
    return points;
  }

  /** What was for all, the first of each sender, by round. */
  private static Map<Integer, Map<PartyId, SignedEnvelope>> broadcasts(BlameReport report) {
    var broadcasts = new HashMap<Integer, Map<PartyId, SignedEnvelope>>();
    for (var sent : report.evidence()) {
      if (sent.envelope().to().isEmpty()) {
        broadcasts
            .computeIfAbsent(sent.envelope().round(), _ -> new TreeMap<>())
            .putIfAbsent(sent.envelope().from(), sent);
      }
    }
    return broadcasts;
  }

  private static Finding proved(PartyId accused, String sentence) {
    return new Finding(accused, Kind.PROVED, sentence);
  }

  private static Finding word(PartyId accused, String sentence) {
    return new Finding(accused, Kind.WORD, sentence);
  }

  private static Finding unfounded(PartyId accused, String sentence) {
    return new Finding(accused, Kind.UNFOUNDED, sentence);
  }
}
