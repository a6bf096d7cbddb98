package io.sharekeep.threshold.keygen;

import static io.sharekeep.threshold.keygen.TestParty.PRIMITIVES;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.wire.Channels;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.DkgComplaints;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.DkgShares;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionId;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A dealer with valid keys that deviates where a subclass says so, and nowhere else. */
class Rogue implements TestCeremony.Actor {
  final TestCeremony ceremony;
  final TestParty party;
  final Polynomial polynomial;
  final Committed.Dealer dealer;
  Optional<Channels> channels = Optional.empty();
  private final Scratch.Slab ephemeral;

  Rogue(TestCeremony ceremony, PartyId id, int terms) {
    this.ceremony = ceremony;
    this.party = ceremony.party(id);
    var means = party.means;
    this.polynomial = Polynomial.random(means.group(), means.scratch(), means.randomness(), terms);
    this.ephemeral = means.scratch().borrow(32);
    means.randomness().fill(ephemeral.bytes());
    this.dealer =
        new Committed.Dealer(
            polynomial.commitments(), Octets.of(new byte[32]), Octets.of(new byte[32]));
  }

  /** In place of an honest party. */
  static void join(Rogue rogue) {
    rogue.ceremony.actors.put(rogue.party.id, rogue);
  }

  Committed.Dealer committed() {
    return dealer;
  }

  Octets openingPayload(DkgOpening honest) {
    return honest.encoded();
  }

  ProofOfPossession proof() {
    return ProofOfPossession.prove(
        party.means,
        ProofOfPossession.challenge(
            party.means.group(), party.endpoint.session().orElseThrow(), party.id),
        polynomial.coefficient(0),
        dealer.coefficients().getFirst());
  }

  /** The framed plaintext for a recipient. */
  void spoil(PartyId recipient, MemorySegment payload) {}

  /** How long the plaintext for a recipient is. */
  int length(PartyId recipient) {
    return DkgShares.length(ceremony.context.pointsOf(recipient).size());
  }

  List<DkgComplaints.Complaint> complaints() {
    return List.of();
  }

  @Override
  public List<SignedEnvelope> send(int round) {
    return switch (round) {
      case 1 -> List.of(commit());
      case 2 -> deal();
      case 3 ->
          party.endpoint.missingBroadcasts(2).isEmpty()
              ? List.of(broadcast(3, new DkgComplaints(complaints()).encoded()))
              : List.of();
      default -> List.of();
    };
  }

  SignedEnvelope broadcast(int round, Octets payload) {
    return party.endpoint.broadcast(round, payload, Optional.empty());
  }

  private SignedEnvelope commit() {
    var nonce = Octets.of(new byte[32]);
    var message =
        new DkgCommitment(
            nonce,
            committed().commitment(party.endpoint.contextHash(), party.id, nonce),
            Octets.of(PRIMITIVES.x25519PublicKey(ephemeral.bytes())));
    return broadcast(1, message.encoded());
  }

  private List<SignedEnvelope> deal() {
    SortedMap<PartyId, DkgCommitment> commitments = new TreeMap<>();
    party
        .endpoint
        .accepted(1)
        .forEach((id, envelope) ->
            commitments.put(
                id, DkgCommitment.decode(envelope.envelope().payload()).valid().orElseThrow()));
    party.endpoint.fix(SessionId.ofRoundOne(party.endpoint.contextHash(), commitments));
    if (Channels.agree(
            party.means.primitives(), party.scratch, party.endpoint, commitments, ephemeral.bytes())
        instanceof Step.Advanced<Channels>(Channels agreed)) {
      channels = Optional.of(agreed);
    }
    var proof = proof();
    return List.of(
        broadcast(
            2,
            openingPayload(
                new DkgOpening(
                    dealer.coefficients(),
                    dealer.chainCode(),
                    dealer.blind(),
                    proof.commitment(),
                    proof.response(),
                    sealed()))));
  }

  /** What sealing authenticates. */
  byte[] header() {
    return party.endpoint.header(2);
  }

  /** What each other party gets to open. */
  List<DkgOpening.Sealed> sealed() {
    return channels.orElseThrow().peers().stream()
        .map(peer -> new DkgOpening.Sealed(peer, seal(peer)))
        .toList();
  }

  private Octets seal(PartyId peer) {
    var points = ceremony.context.pointsOf(peer);
    int honest = DkgShares.length(points.size());
    try (var slab = party.scratch.borrow(Math.max(honest, length(peer)))) {
      DkgShares.frame(slab.bytes(), points.size());
      var shares = DkgShares.shares(slab.bytes(), points.size());
      for (int i = 0; i < points.size(); i++) {
        polynomial.evaluate(points.get(i), Committed.scalar(shares, i));
      }
      spoil(peer, slab.bytes());
      return Octets.of(
          channels
              .orElseThrow()
              .to(peer)
              .seal(2, 0, header(), slab.bytes().asSlice(0, length(peer))));
    }
  }

  @Override
  public void close() {
    polynomial.close();
    ephemeral.close();
    channels.ifPresent(Channels::close);
  }
}
