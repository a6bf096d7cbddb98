package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.DkgComplaints.Complaint;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.DkgShares;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Sealing;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is at fault when somebody complains about a dealt share: decided from signed bytes alone. */
final class Evidence {
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
   * @return the dealer if the share is bad, who complained if it is good or the complaint is about
   *     nothing that was dealt to it, and nobody if the revealed key does not open what was sealed:
   *     then either may have caused it
   */
  Optional<PartyId> culprit(PartyId complainer, Complaint complaint) {
    var points = committee.pointsOf(complainer);
    var opening = openings.get(complaint.dealer());
    var sealed = Optional.ofNullable(opening).flatMap(o -> o.sealedTo(complainer));
    if (opening == null || sealed.isEmpty() || !points.contains(complaint.point())) {
      return Optional.of(complainer);
    }
    if (complainer.equals(endpoint.self())
        || sealed.get().length() != DkgShares.length(points.size()) + Primitives.TAG_LENGTH) {
      return Optional.of(complaint.dealer());
    }
    return opened(complainer, complaint, points, sealed.get(), opening);
  }

  private Optional<PartyId> opened(
      PartyId complainer,
      Complaint complaint,
      List<EvaluationPoint> points,
      Octets sealed,
      DkgOpening opening) {
    try (var slab = means.scratch().borrow(DkgShares.length(points.size()))) {
      boolean opens =
          Sealing.openRevealed(
              means.primitives(),
              means.scratch(),
              complaint.key(),
              Ceremony.DEAL,
              0,
              header(complaint.dealer()),
              sealed,
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

  private byte[] header(PartyId dealer) {
    return Optional.ofNullable(endpoint.accepted(Ceremony.DEAL).get(dealer))
        .orElseThrow(() -> new IllegalStateException("round 2 holds nothing of " + dealer))
        .envelope()
        .associatedData();
  }
}
