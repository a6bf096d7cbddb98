package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.wire.DkgComplaints;
import io.sharekeep.threshold.wire.DkgComplaints.Complaint;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Key generation, round 3 sent: this party holds its combined shares, or has complained. Goes on
 * with {@link #conclude} once every broadcast of round 3 has been accepted: each of them carries
 * its sender's view of round 2, so from there on all have seen the same commitments.
 */
public final class Checked implements AutoCloseable {
  private final Means means;
  private final Endpoint endpoint;
  private final SortedMap<PartyId, DkgOpening> openings;
  private final GeneratedKey key;
  private final List<SignedEnvelope> outbox;
  private final Once<Dealt.Held> held;

  private Checked(
      Means means,
      Endpoint endpoint,
      SortedMap<PartyId, DkgOpening> openings,
      GeneratedKey key,
      List<SignedEnvelope> outbox,
      Dealt.Held held) {
    this.means = means;
    this.endpoint = endpoint;
    this.openings = openings;
    this.key = key;
    this.outbox = List.copyOf(outbox);
    this.held = new Once<>(held);
  }

  /**
   * Says whether the dealt shares add up to what the commitments say, and takes them over if so.
   *
   * @param key empty when a sum of commitments is the identity
   * @param matches whether {@link ReceivedShares#match} has found the own combined shares right
   */
  static Step<Checked> combine(
      Means means,
      Endpoint endpoint,
      SortedMap<PartyId, DkgOpening> openings,
      Optional<GeneratedKey> key,
      ReceivedShares received,
      boolean matches,
      Dealt.Held held) {
    try {
      if (key.isEmpty()) {
        held.close();
        return new Step.Aborted<>(Fault.DEGENERATE, List.of());
      }
      var answers = new ArrayList<SignedEnvelope>();
      var malformed = held.pairs().answer(held.channels(), answers);
      if (!malformed.isEmpty()) {
        held.close();
        return new Step.Aborted<>(Fault.BAD_ENCODING, malformed);
      }
      received.addTo(held.ownShares().bytes());
      var complaints = matches ? List.<Complaint>of() : received.complaints(openings);
      var outbox = new ArrayList<SignedEnvelope>();
      outbox.add(
          endpoint.broadcast(
              Ceremony.COMPLAIN, new DkgComplaints(complaints).encoded(), Optional.empty()));
      outbox.addAll(answers);
      return new Step.Advanced<>(new Checked(means, endpoint, openings, key.get(), outbox, held));
    } catch (RuntimeException | Error failure) {
      held.close();
      throw failure;
    }
  }

  public List<SignedEnvelope> outbox() {
    return outbox;
  }

  /**
   * Ends the exchange. Any complaint aborts; its evidence says who is at fault, the dealer or who
   * complained, and nobody where it does not open.
   *
   * @throws IllegalStateException when round 3 is not complete
   */
  public Step<Certifiable> conclude() {
    Ceremony.require(
        endpoint.missingBroadcasts(Ceremony.COMPLAIN).isEmpty()
            && Ceremony.pairsHeard(endpoint, Ceremony.COMPLAIN),
        "round 3");
    var spent = held.spend();
    try {
      var verdict = complaintVerdict();
      if (verdict.isPresent()) {
        spent.close();
        return verdict.get();
      }
      var malformed = spent.pairs().finish(spent.channels());
      if (!malformed.isEmpty()) {
        spent.close();
        return new Step.Aborted<>(Fault.BAD_ENCODING, malformed);
      }
      spent.channels().close();
      return new Step.Advanced<>(new Certifiable(endpoint, key, spent.ownShares(), spent.pairs()));
    } catch (RuntimeException | Error failure) {
      spent.close();
      throw failure;
    }
  }

  private Optional<Step<Certifiable>> complaintVerdict() {
    var culprits = new ArrayList<PartyId>();
    var undecodable = new ArrayList<PartyId>();
    var unsigned = new TreeSet<PartyId>();
    boolean any = false;
    for (var entry : endpoint.accepted(Ceremony.COMPLAIN).entrySet()) {
      var complainer = entry.getKey();
      var decoded = DkgComplaints.decode(entry.getValue().envelope().payload()).valid();
      if (decoded.isEmpty()) {
        undecodable.add(complainer);
        continue;
      }
      for (var complaint : decoded.get().complaints()) {
        if (!any) {
          unsigned.addAll(endpoint.forgetUnsigned(Ceremony.DEAL));
        }
        any = true;
        // What a dealer did not sign is evidence against nobody.
        if (!unsigned.contains(complaint.dealer())) {
          new Evidence(means, endpoint, key.committee(), openings)
              .culprit(complainer, complaint)
              .ifPresent(culprits::add);
        }
      }
    }
    if (!undecodable.isEmpty()) {
      return Optional.of(new Step.Aborted<>(Fault.BAD_ENCODING, undecodable));
    }
    return any ? Optional.of(new Step.Aborted<>(Fault.BAD_SHARE, culprits)) : Optional.empty();
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    held.drain().ifPresent(Dealt.Held::close);
  }
}
