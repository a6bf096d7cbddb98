package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.wire.DkgComplaints;
import io.sharekeep.threshold.wire.DkgComplaints.Complaint;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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

  /** Opens the dealt shares, adds them up and compares the sums with the commitments. */
  static Step<Checked> combine(
      Means means,
      Endpoint endpoint,
      Committee committee,
      SortedMap<PartyId, DkgOpening> openings,
      Dealt.Held held) {
    var key = publicKey(means, endpoint, committee, openings);
    if (key.isEmpty()) {
      held.close();
      return new Step.Aborted<>(Fault.DEGENERATE, List.of());
    }
    try (var received =
        ReceivedShares.open(means, endpoint, committee, openings, held.channels())) {
      var answers = new ArrayList<SignedEnvelope>();
      var malformed = held.pairs().answer(held.channels(), answers);
      if (!malformed.isEmpty()) {
        held.close();
        return new Step.Aborted<>(Fault.BAD_ENCODING, malformed);
      }
      var own = held.ownShares();
      received.addTo(own.bytes());
      var complaints =
          received.complete() && matches(means, committee, endpoint, key.get(), own.bytes())
              ? List.<Complaint>of()
              : received.complaints(openings);
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

  /**
   * Whether each own combined share is what the sum of all commitments says. If so every dealt
   * share may be trusted in sum, which is all that is ever used of them; if not, each dealer's is
   * checked by itself to find whom to complain about.
   */
  private static boolean matches(
      Means means, Committee committee, Endpoint endpoint, GeneratedKey key, MemorySegment own) {
    int index = 0;
    boolean all = true;
    for (var point : committee.pointsOf(endpoint.self())) {
      var image =
          means.group().secretOps().multiplyBase(means.scratch(), Committed.scalar(own, index++));
      all &= image.equals(Optional.ofNullable(key.verificationShares().get(point)));
    }
    return all;
  }

  /** Empty when a sum is the identity: chance, or all dealers colluding. */
  private static Optional<GeneratedKey> publicKey(
      Means means,
      Endpoint endpoint,
      Committee committee,
      SortedMap<PartyId, DkgOpening> openings) {
    var context = endpoint.context();
    var session = endpoint.session().orElseThrow();
    var sum =
        Feldman.sum(
            means.group(), openings.values().stream().map(DkgOpening::coefficients).toList());
    var verificationShares = new TreeMap<EvaluationPoint, Element>();
    sum.ifPresent(total ->
        committee
            .owners()
            .keySet()
            .forEach(point -> total.at(point).ifPresent(y -> verificationShares.put(point, y))));
    if (sum.isEmpty() || verificationShares.size() < committee.owners().size()) {
      return Optional.empty();
    }
    var chainCode = TaggedHash.of(Tag.DKG_CHAIN_CODE).octets(session).integer(openings.size());
    var coefficients = TaggedHash.of(Tag.DKG_COEFFICIENTS).integer(openings.size());
    openings.forEach((party, opening) -> {
      chainCode.party(party).octets(opening.chainCode());
      coefficients.party(party).integer(opening.coefficients().size());
      opening.coefficients().forEach(coefficients::element);
    });
    return Optional.of(
        new GeneratedKey(
            context.suite(),
            context.keyId(),
            session,
            context.newEpoch(),
            committee,
            sum.get().constant(),
            verificationShares,
            chainCode.digest(),
            coefficients.digest()));
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
    boolean any = false;
    for (var entry : endpoint.accepted(Ceremony.COMPLAIN).entrySet()) {
      var complainer = entry.getKey();
      var decoded = DkgComplaints.decode(entry.getValue().envelope().payload()).valid();
      if (decoded.isEmpty()) {
        undecodable.add(complainer);
        continue;
      }
      for (var complaint : decoded.get().complaints()) {
        any = true;
        new Evidence(means, endpoint, key.committee(), openings)
            .culprit(complainer, complaint)
            .ifPresent(culprits::add);
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
