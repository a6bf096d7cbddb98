package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.wire.Channels;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.DkgShares;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * Key generation, round 2 sent: the commitment is open and every other party has its shares. Goes
 * on with {@link #check} once all broadcasts of round 2 have been accepted.
 */
public final class Dealt implements AutoCloseable {
  private final Means means;
  private final Endpoint endpoint;
  private final Committee committee;
  private final SortedMap<PartyId, DkgCommitment> commitments;
  private final DkgOpening own;
  private final List<SignedEnvelope> outbox;
  private final Once<Held> held;

  /**
   * The own shares of the own polynomial, the channels on which the others' come, and for ECDSA
   * what is being agreed with each of them.
   */
  record Held(Scratch.Slab ownShares, Channels channels, PairSetup pairs) implements AutoCloseable {
    @Override
    public void close() {
      try (channels;
          pairs) {
        ownShares.close();
      }
    }

    @Override
    public String toString() {
      return "Held[redacted]";
    }
  }

  private Dealt(
      Means means,
      Endpoint endpoint,
      Committee committee,
      SortedMap<PartyId, DkgCommitment> commitments,
      DkgOpening own,
      List<SignedEnvelope> outbox,
      Held held) {
    this.means = means;
    this.endpoint = endpoint;
    this.committee = committee;
    this.commitments = commitments;
    this.own = own;
    this.outbox = List.copyOf(outbox);
    this.held = new Once<>(held);
  }

  /** Takes over the channels; the polynomial is only lent. */
  static Dealt deal(
      Means means,
      Endpoint endpoint,
      Committee committee,
      SortedMap<PartyId, DkgCommitment> commitments,
      Committed.Dealer dealer,
      Polynomial polynomial,
      Channels channels) {
    var self = endpoint.self();
    var own = means.scratch().borrow((long) GroupId.SCALAR_LENGTH * weight(committee, self));
    var held = new Held(own, channels, PairSetup.of(means, endpoint, channels.peers()));
    try {
      var opening = opening(means, endpoint, committee, dealer, polynomial, channels);
      var outbox = new ArrayList<SignedEnvelope>();
      outbox.add(endpoint.broadcast(Ceremony.DEAL, opening.encoded(), Optional.empty()));
      outbox.addAll(held.pairs().offer(channels));
      int index = 0;
      for (var point : committee.pointsOf(self)) {
        polynomial.evaluate(point, Committed.scalar(own.bytes(), index++));
      }
      return new Dealt(means, endpoint, committee, commitments, opening, outbox, held);
    } catch (RuntimeException | Error failure) {
      held.close();
      throw failure;
    }
  }

  private static DkgOpening opening(
      Means means,
      Endpoint endpoint,
      Committee committee,
      Committed.Dealer dealer,
      Polynomial polynomial,
      Channels channels) {
    var header = endpoint.header(Ceremony.DEAL);
    var sealed =
        channels.peers().stream()
            .map(peer ->
                new DkgOpening.Sealed(
                    peer, sealed(means, committee, polynomial, channels, peer, header)))
            .toList();
    var proof =
        ProofOfPossession.prove(
            means,
            ProofOfPossession.challenge(
                means.group(), endpoint.session().orElseThrow(), endpoint.self()),
            polynomial.coefficient(0),
            dealer.coefficients().getFirst());
    return new DkgOpening(
        dealer.coefficients(),
        dealer.chainCode(),
        dealer.blind(),
        proof.commitment(),
        proof.response(),
        sealed);
  }

  private static Octets sealed(
      Means means,
      Committee committee,
      Polynomial polynomial,
      Channels channels,
      PartyId peer,
      byte[] header) {
    var points = committee.pointsOf(peer);
    try (var slab = means.scratch().borrow(DkgShares.length(points.size()))) {
      DkgShares.frame(slab.bytes(), points.size());
      var shares = DkgShares.shares(slab.bytes(), points.size());
      for (int i = 0; i < points.size(); i++) {
        polynomial.evaluate(points.get(i), Committed.scalar(shares, i));
      }
      return Octets.of(channels.to(peer).seal(Ceremony.DEAL, 0, header, slab.bytes()));
    }
  }

  public List<SignedEnvelope> outbox() {
    return outbox;
  }

  /**
   * Checks what the others dealt: round 3. Openings are judged by everybody alike, so a bad one
   * aborts here; a bad share is known to its recipient alone and becomes a complaint.
   *
   * @return empty when something is wrong with a message that its sender did not sign: it is
   *     forgotten, {@link Endpoint#missingBroadcasts} names who has to be heard again, and nothing
   *     is spent
   * @throws IllegalStateException when round 2 is not complete
   */
  public Optional<Step<Checked>> check() {
    Ceremony.require(
        endpoint.missingBroadcasts(Ceremony.DEAL).isEmpty()
            && Ceremony.pairsHeard(endpoint, Ceremony.DEAL),
        "round 2");
    var openings = new TreeMap<PartyId, DkgOpening>();
    endpoint
        .accepted(Ceremony.DEAL)
        .forEach((party, envelope) ->
            opening(party, envelope).ifPresent(opening -> openings.put(party, opening)));
    var verdict = verdict(openings);
    if (verdict.isPresent()) {
      if (isForged()) {
        return Optional.empty();
      }
      held.spend().close();
      return Optional.of(verdict.get());
    }
    try (var received =
        ReceivedShares.open(means, endpoint, committee, openings, held.peek().channels())) {
      var key = GeneratedKey.of(means.group(), endpoint, committee, openings);
      boolean matches = key.isPresent() && received.match(key.get(), held.peek().ownShares());
      if (!matches && isForged()) {
        return Optional.empty();
      }
      return Optional.of(
          Checked.combine(means, endpoint, openings, key, received, matches, held.spend()));
    }
  }

  /** Forgets what its sender did not sign. */
  private boolean isForged() {
    return !endpoint.forgetUnsigned(Ceremony.DEAL).isEmpty();
  }

  private Optional<Step.Aborted<Checked>> verdict(Map<PartyId, DkgOpening> openings) {
    var malformed =
        committee.parties().stream().filter(party -> !dealtToAll(party, openings)).toList();
    if (!malformed.isEmpty()) {
      return Optional.of(new Step.Aborted<>(Fault.BAD_ENCODING, malformed));
    }
    var verdicts = new ArrayList<Step.Aborted<Checked>>();
    judge(Fault.BAD_DEGREE, openings, this::hasThresholdTerms, verdicts);
    judge(Fault.BAD_COMMITMENT, openings, this::opensCommitment, verdicts);
    if (verdicts.isEmpty()) {
      judge(Fault.BAD_PROOF, openings, this::provesPossession, verdicts);
    }
    return verdicts.stream().findFirst();
  }

  private void judge(
      Fault fault,
      Map<PartyId, DkgOpening> openings,
      BiPredicate<PartyId, DkgOpening> holds,
      List<Step.Aborted<Checked>> verdicts) {
    var culprits =
        openings.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(endpoint.self()))
            .filter(entry -> !holds.test(entry.getKey(), entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (!culprits.isEmpty()) {
      verdicts.add(new Step.Aborted<>(fault, culprits));
    }
  }

  private Optional<DkgOpening> opening(PartyId party, SignedEnvelope sent) {
    return party.equals(endpoint.self())
        ? Optional.of(own)
        : DkgOpening.decode(
                means.group().id(), means.group().publicOps(), sent.envelope().payload())
            .valid();
  }

  /** Whether a dealer's opening could be read and has something for each other party. */
  private boolean dealtToAll(PartyId dealer, Map<PartyId, DkgOpening> openings) {
    var others = committee.parties().stream().filter(party -> !party.equals(dealer)).toList();
    return Optional.ofNullable(openings.get(dealer))
        .map(opening -> opening.recipients().equals(others))
        .orElse(false);
  }

  private boolean hasThresholdTerms(PartyId party, DkgOpening opening) {
    return opening.coefficients().size() == committee.threshold();
  }

  private boolean opensCommitment(PartyId party, DkgOpening opening) {
    var commitment = commitments.get(party);
    return commitment != null
        && Committed.Dealer.commitment(
                endpoint.contextHash(),
                party,
                commitment.nonce(),
                opening.coefficients(),
                opening.chainCode(),
                opening.blind())
            .equals(commitment.commitment());
  }

  private boolean provesPossession(PartyId party, DkgOpening opening) {
    return new ProofOfPossession(opening.proofCommitment(), opening.proofResponse())
        .verifies(
            means.group(),
            ProofOfPossession.challenge(means.group(), endpoint.session().orElseThrow(), party),
            opening.coefficients().getFirst());
  }

  private static int weight(Committee committee, PartyId party) {
    return committee.pointsOf(party).size();
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    held.drain().ifPresent(Held::close);
  }
}
