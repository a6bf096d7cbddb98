package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.DkgComplaints.Complaint;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.DkgShares;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Sealing;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is at fault when somebody complains about a dealt share: decided from signed bytes alone. */
final class Evidence {
  private static final int TAG_LENGTH = 16;

  private final Means means;
  private final Endpoint endpoint;
  private final Committee committee;
  private final Map<PartyId, DkgOpening> openings;

  Evidence(Means means, Endpoint endpoint, Committee committee, Map<PartyId, DkgOpening> openings) {
    this.means = means;
    this.endpoint = endpoint;
    this.committee = committee;
    this.openings = Map.copyOf(openings);
  }

  /**
   * @return the dealer if the share is bad, who complained if it is good or the evidence is no
   *     evidence, and nobody if the revealed key does not open the envelope: then either may have
   *     caused it
   */
  Optional<PartyId> culprit(PartyId complainer, Complaint complaint) {
    var points = committee.pointsOf(complainer);
    var envelope = SignedEnvelope.decode(complaint.envelope().toArray()).valid();
    var opening = openings.get(complaint.dealer());
    if (envelope.isEmpty()
        || opening == null
        || !points.contains(complaint.point())
        || !isDealtTo(complainer, complaint.dealer(), envelope.get())) {
      return Optional.of(complainer);
    }
    if (complainer.equals(endpoint.self())
        || envelope.get().envelope().payload().length()
            != DkgShares.length(points.size()) + TAG_LENGTH) {
      return Optional.of(complaint.dealer());
    }
    return opened(complainer, complaint, points, envelope.get(), opening);
  }

  private boolean isDealtTo(PartyId complainer, PartyId dealer, SignedEnvelope signed) {
    var envelope = signed.envelope();
    return envelope.from().equals(dealer)
        && envelope.to().equals(Optional.of(complainer))
        && envelope.protocol() == Protocol.DKG
        && envelope.round() == Ceremony.DEAL
        && endpoint.authentic(signed);
  }

  private Optional<PartyId> opened(
      PartyId complainer,
      Complaint complaint,
      List<EvaluationPoint> points,
      SignedEnvelope signed,
      DkgOpening opening) {
    try (var slab = means.scratch().borrow(DkgShares.length(points.size()))) {
      boolean opens =
          Sealing.openRevealed(
              means.primitives(),
              means.scratch(),
              complaint.key(),
              Ceremony.DEAL,
              0,
              signed.envelope().associatedData(),
              signed.envelope().payload(),
              slab.bytes());
      if (!opens) {
        return Optional.empty();
      }
      if (!DkgShares.framed(slab.bytes(), points.size())) {
        return Optional.of(complaint.dealer());
      }
      var shares = DkgShares.shares(slab.bytes(), points.size());
      var feldman = new Feldman(means.group(), opening.coefficients());
      boolean good = true;
      for (int i = 0; i < points.size(); i++) {
        good &= feldman.holds(means.scratch(), points.get(i), Committed.scalar(shares, i));
      }
      return Optional.of(good ? complainer : complaint.dealer());
    }
  }
}
