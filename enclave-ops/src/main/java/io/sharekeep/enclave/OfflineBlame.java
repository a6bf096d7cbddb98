package io.sharekeep.enclave;

import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.policy.CommitteeDocument;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.blame.BlameVerifier;
import io.sharekeep.threshold.blame.Verdict;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.JavaEd25519;
import io.sharekeep.threshold.group.JavaSecp256k1;
import io.sharekeep.threshold.wire.BlameReport;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.IdentityPins;
import io.sharekeep.threshold.wire.SignedBlame;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;

/**
 * A report about parties that made a session fail, judged on files alone by whoever was not there
 * (protocols, section 7.6). It holds nothing and changes nothing.
 *
 * @param accuser party id
 * @param fault as in the outcome of the request
 * @param session hex: the hash of its context
 * @param accused what the report is worth against each; none where it names nobody
 */
public record OfflineBlame(int accuser, String fault, String session, List<Accused> accused) {
  public OfflineBlame {
    accused = List.copyOf(accused);
  }

  /**
   * @param party id
   * @param finding {@code proved}, {@code conditional}, {@code word} or {@code unfounded}
   * @param sentence why, for people
   */
  public record Accused(int party, String finding, String sentence) {}

  /** Whether every accusation is proved by the signed messages alone, and there is one. */
  public boolean provesAll() {
    return !accused.isEmpty() && accused.stream().allMatch(one -> one.finding().equals("proved"));
  }

  /** What became of a report. */
  public sealed interface Judgement {
    record Judged(OfflineBlame blame) implements Judgement {}

    /** It is not what a party of that committee signed: worth nothing. */
    record Rejected(String reason) implements Judgement {}
  }

  /**
   * Judges.
   *
   * @param report as {@link Enclave#blame} gave it
   * @param committee the reader's own document: its signatures are the caller's to check
   */
  public static Judgement judge(byte[] report, DocumentFile committee) {
    if (committee.kind() != DocumentFile.Kind.COMMITTEE) {
      return new Judgement.Rejected("the document is no committee document");
    }
    var decoded = SignedBlame.decode(report).valid();
    if (decoded.isEmpty()) {
      return new Judgement.Rejected("it is no report, or was altered");
    }
    IdentityPins pins;
    try {
      pins = pins(CommitteeDocument.read(committee.canonical()));
    } catch (MalformedJson e) {
      return new Judgement.Rejected("the committee document: " + e.reason());
    }
    var verifier =
        new BlameVerifier(
            pins, id -> id == GroupId.ED25519 ? new JavaEd25519() : new JavaSecp256k1());
    var said = decoded.get().report();
    return switch (verifier.verify(decoded.get())) {
      case Verdict.Rejected(var reason) -> new Judgement.Rejected(reason);
      case Verdict.Judged(var findings) ->
          new Judgement.Judged(
              new OfflineBlame(
                  said.accuser().value(),
                  BlameReport.word(said.fault()),
                  said.context().hash().toString(),
                  findings.stream()
                      .map(finding ->
                          new Accused(
                              finding.accused().value(),
                              finding.kind().name().toLowerCase(Locale.ROOT),
                              finding.sentence()))
                      .toList()));
    };
  }

  private static IdentityPins pins(CommitteeDocument committee) {
    var keys = new HashMap<PartyId, IdentityKey>();
    for (var party : committee.parties()) {
      IdentityKey.parse(party.identity())
          .valid()
          .ifPresent(key -> keys.put(new PartyId(party.id()), key));
    }
    return new IdentityPins(keys);
  }
}
