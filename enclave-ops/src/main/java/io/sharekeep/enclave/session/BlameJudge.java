package io.sharekeep.enclave.session;

import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.OfflineBlame;
import io.sharekeep.enclave.OfflineBlame.Judgement;
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
import java.util.Locale;

/** Holds a report of blame against a committee document, with nothing but both. */
public final class BlameJudge {
  private BlameJudge() {}

  /** See {@link OfflineBlame#judge}. */
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
                          new OfflineBlame.Accused(
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
