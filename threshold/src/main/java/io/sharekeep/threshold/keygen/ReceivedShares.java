package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.wire.Channels;
import io.sharekeep.threshold.wire.DkgComplaints.Complaint;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.DkgShares;
import io.sharekeep.threshold.wire.Endpoint;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the other dealers sealed to this party, opened side by side in one slab. */
final class ReceivedShares implements AutoCloseable {
  private final Means means;
  private final Channels channels;
  private final List<EvaluationPoint> points;
  private final Scratch.Slab slab;

  /** The shares of a dealer; empty when its message does not open to canonical shares. */
  private final SortedMap<PartyId, Optional<MemorySegment>> byDealer = new TreeMap<>();

  private ReceivedShares(
      Means means, List<EvaluationPoint> points, Channels channels, Scratch.Slab slab) {
    this.means = means;
    this.channels = channels;
    this.points = points;
    this.slab = slab;
  }

  static ReceivedShares open(
      Means means,
      Endpoint endpoint,
      Committee committee,
      Map<PartyId, DkgOpening> openings,
      Channels channels) {
    var dealers = channels.peers();
    var points = committee.pointsOf(endpoint.self());
    int weight = points.size();
    long length = DkgShares.length(weight);
    var slab = means.scratch().borrow(Math.max(1, length * dealers.size()));
    var received = new ReceivedShares(means, points, channels, slab);
    try {
      for (int i = 0; i < dealers.size(); i++) {
        var payload = slab.bytes().asSlice(length * i, length);
        boolean opened =
            opens(endpoint, openings, channels, dealers.get(i), payload)
                && DkgShares.framed(payload, weight);
        var shares = DkgShares.shares(payload, weight);
        received.byDealer.put(
            dealers.get(i),
            opened && canonical(means, shares, weight) ? Optional.of(shares) : Optional.empty());
      }
      return received;
    } catch (RuntimeException | Error failure) {
      slab.close();
      throw failure;
    }
  }

  private static boolean opens(
      Endpoint endpoint,
      Map<PartyId, DkgOpening> openings,
      Channels channels,
      PartyId dealer,
      MemorySegment out) {
    var sealed =
        Optional.ofNullable(openings.get(dealer)).flatMap(o -> o.sealedTo(endpoint.self()));
    var dealt = Optional.ofNullable(endpoint.accepted(Ceremony.DEAL).get(dealer));
    if (sealed.isEmpty() || dealt.isEmpty()) {
      throw new IllegalStateException("an opening without shares was not refused");
    }
    var header = dealt.get().envelope().associatedData();
    return channels.to(dealer).open(Ceremony.DEAL, 0, header, sealed.get(), out);
  }

  private static boolean canonical(Means means, MemorySegment shares, int weight) {
    int all = 1;
    for (int i = 0; i < weight; i++) {
      all &= means.group().secretOps().isCanonical(Committed.scalar(shares, i));
    }
    return all == 1;
  }

  /**
   * Whether each own combined share is what the sum of all commitments says. If so every dealt
   * share may be trusted in sum, which is all that is ever used of them; if not, each dealer's is
   * checked by itself to find whom to complain about.
   *
   * @param own what this party has dealt to itself; not changed
   */
  boolean match(GeneratedKey key, Scratch.Slab own) {
    if (!byDealer.values().stream().allMatch(Optional::isPresent)) {
      return false;
    }
    try (var sums = means.scratch().borrow((long) GroupId.SCALAR_LENGTH * points.size())) {
      MemorySegment.copy(own.bytes(), 0, sums.bytes(), 0, sums.bytes().byteSize());
      addTo(sums.bytes());
      boolean all = true;
      for (int i = 0; i < points.size(); i++) {
        all &=
            means
                .group()
                .secretOps()
                .multiplyBase(means.scratch(), Committed.scalar(sums.bytes(), i))
                .equals(Optional.of(key.verificationShare(points.get(i))));
      }
      return all;
    }
  }

  /** Adds every dealer's share of each own point. */
  void addTo(MemorySegment own) {
    for (var shares : byDealer.values()) {
      for (int i = 0; shares.isPresent() && i < points.size(); i++) {
        var sum = Committed.scalar(own, i);
        means.group().secretOps().add(sum, Committed.scalar(shares.get(), i), sum);
      }
    }
  }

  /** One complaint about every dealer of a bad share, with the key to what it sealed. */
  List<Complaint> complaints(Map<PartyId, DkgOpening> openings) {
    var complaints = new ArrayList<Complaint>();
    openings.forEach((dealer, opening) ->
        Optional.ofNullable(byDealer.get(dealer))
            .flatMap(shares -> firstBad(opening, shares))
            .ifPresent(point -> complaints.add(complaint(dealer, point))));
    return complaints;
  }

  private Complaint complaint(PartyId dealer, EvaluationPoint point) {
    return new Complaint(dealer, point, channels.to(dealer).reveal(Ceremony.DEAL, 0));
  }

  private Optional<EvaluationPoint> firstBad(DkgOpening opening, Optional<MemorySegment> shares) {
    if (shares.isEmpty()) {
      return Optional.of(points.getFirst());
    }
    var feldman = new Feldman(means.group(), opening.coefficients());
    for (int i = 0; i < points.size(); i++) {
      if (!feldman.holds(means.scratch(), points.get(i), Committed.scalar(shares.get(), i))) {
        return Optional.of(points.get(i));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    slab.close();
  }
}
