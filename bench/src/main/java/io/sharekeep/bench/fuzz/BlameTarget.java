package io.sharekeep.bench.fuzz;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.blame.BlameVerifier;
import io.sharekeep.threshold.blame.Verdict;
import io.sharekeep.threshold.frost.ShareEvidence;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.keygen.Committee;
import io.sharekeep.threshold.keygen.DealerEvidence;
import io.sharekeep.threshold.wire.BlameReport;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reports about parties: whatever decodes is written again as it was and has a judgement, and what
 * its messages show is a value too where all of them were signed, which no fuzzer can do.
 */
final class BlameTarget implements Target {
  private final BlameVerifier verifier =
      new BlameVerifier(new Cast().pins(), id -> Groups.java().of(id));

  @Override
  public void take(byte[] input) {
    SignedBlame.decode(input).valid().ifPresent(blame -> judge(input, blame));
  }

  private void judge(byte[] input, SignedBlame blame) {
    Finding.unless(Arrays.equals(blame.encoded(), input), "another encoding was read");
    Finding.unless(
        verifier.verify(blame) instanceof Verdict.Rejected,
        "a report of parties with other identity keys was judged");
    var report = blame.report();
    var group = Groups.java().of(report.context().suite().group());
    if (report.context().protocol() == Protocol.DKG && isWhole(report.context())) {
      dealers(report, group);
    } else if (report.context().protocol() == Protocol.FROST_SIGN) {
      signers(report, group);
    }
  }

  private static boolean isWhole(SessionContext context) {
    return Committee.defect(
            context.threshold(),
            context.committee().stream()
                .collect(
                    Collectors.toMap(
                        SessionContext.Member::id,
                        SessionContext.Member::points,
                        (a, _) -> a,
                        TreeMap::new)))
        .isEmpty();
  }

  private static void dealers(BlameReport report, Group group) {
    var evidence = new DealerEvidence(group, report.context(), broadcasts(report));
    for (var party : report.context().signers()) {
      evidence.opensNothing(report.accuser(), party);
      for (var fault : Fault.values()) {
        evidence.shows(fault, party);
      }
    }
  }

  private static void signers(BlameReport report, Group group) {
    var evidence = new ShareEvidence(group, report.context(), broadcasts(report));
    for (var party : report.context().signers()) {
      evidence.isMalformed(party);
      report.stated().ifPresent(stated -> evidence.isShareWrong(party, stated));
    }
  }

  private static Map<Integer, Map<PartyId, SignedEnvelope>> broadcasts(BlameReport report) {
    var broadcasts = new HashMap<Integer, Map<PartyId, SignedEnvelope>>();
    for (var sent : report.evidence()) {
      broadcasts
          .computeIfAbsent(sent.envelope().round(), _ -> new TreeMap<>())
          .putIfAbsent(sent.envelope().from(), sent);
    }
    return broadcasts;
  }
}
