package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.DkgComplaints;
import io.sharekeep.threshold.wire.DkgComplaints.Complaint;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.DkgShares;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Sealing;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SessionId;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the broadcasts of a key generation show about a party to whoever was not there, with public
 * operations alone. The caller has verified every signature.
 */
public final class DealerEvidence {
  private final Group group;
  private final SessionContext context;
  private final Committee committee;
  private final Map<Integer, ? extends Map<PartyId, SignedEnvelope>> broadcasts;

  /**
   * @param context of a key generation
   * @param broadcasts by round, then sender
   * @throws IllegalArgumentException when the context's committee has a {@linkplain
   *     Committee#defect defect}
   */
  public DealerEvidence(
      Group group,
      SessionContext context,
      Map<Integer, ? extends Map<PartyId, SignedEnvelope>> broadcasts) {
    this.group = group;
    this.context = context;
    this.committee = Committee.of(context);
    this.broadcasts = Map.copyOf(broadcasts);
  }

  /** Whether they show that a party did it. */
  public boolean shows(Fault fault, PartyId accused) {
    return switch (fault) {
      case BAD_ENCODING -> isMalformed(accused);
      case BAD_DEGREE ->
          opening(accused)
              .map(opening -> opening.coefficients().size() != committee.threshold())
              .orElse(false);
      case BAD_COMMITMENT ->
          opening(accused).map(opening -> !opensCommitment(accused, opening)).orElse(false);
      case BAD_PROOF -> opening(accused).map(opening -> !proves(accused, opening)).orElse(false);
      case BAD_SHARE -> hasDealtBadly(accused) || hasComplainedFalsely(accused);
      case BAD_PARTICIPANTS,
          EQUIVOCATION,
          BAD_CERTIFICATE,
          BAD_SIGNATURE_SHARE,
          BAD_EXTENSION,
          BAD_PRODUCT,
          BAD_CONSISTENCY,
          BAD_KEY_SUM,
          BAD_SIGNATURE,
          COMMITMENT_MISSING,
          DEGENERATE,
          VIEW_MISMATCH ->
          false;
    };
  }

  /**
   * Whether a party has complained about a dealer with a key that opens nothing: then either may
   * have caused it.
   */
  public boolean opensNothing(PartyId complainer, PartyId dealer) {
    return complaintsOf(complainer).stream()
        .anyMatch(complaint ->
            complaint.dealer().equals(dealer)
                && committee.pointsOf(complainer).contains(complaint.point())
                && isOff(complainer, complaint).isEmpty());
  }

  private Optional<SignedEnvelope> sent(int round, PartyId party) {
    return Optional.ofNullable(broadcasts.get(round))
        .flatMap(senders -> Optional.ofNullable(senders.get(party)));
  }

  /** A broadcast of a later round counts for this session only under the id that round 1 fixed. */
  private Optional<SignedEnvelope> later(int round, PartyId party) {
    return sent(round, party)
        .filter(signed -> session().equals(Optional.of(signed.envelope().session())));
  }

  /** Empty unless round 1 of all is there and decodes. */
  private Optional<Octets> session() {
    SortedMap<PartyId, DkgCommitment> commitments = new TreeMap<>();
    for (var party : committee.parties()) {
      commitment(party).ifPresent(commitment -> commitments.put(party, commitment));
    }
    return commitments.size() == committee.parties().size()
        ? Optional.of(SessionId.ofRoundOne(context.hash(), commitments))
        : Optional.empty();
  }

  private Optional<DkgCommitment> commitment(PartyId party) {
    return sent(Ceremony.COMMIT, party)
        .flatMap(signed -> DkgCommitment.decode(signed.envelope().payload()).valid());
  }

  private Optional<DkgOpening> opening(PartyId party) {
    return later(Ceremony.DEAL, party).flatMap(this::opening);
  }

  private Optional<DkgOpening> opening(SignedEnvelope signed) {
    return DkgOpening.decode(group.id(), group.publicOps(), signed.envelope().payload()).valid();
  }

  private Optional<DkgComplaints> complaints(SignedEnvelope signed) {
    return DkgComplaints.decode(signed.envelope().payload()).valid();
  }

  private boolean isMalformed(PartyId accused) {
    boolean first = sent(Ceremony.COMMIT, accused).isPresent() && commitment(accused).isEmpty();
    var others = committee.parties().stream().filter(party -> !party.equals(accused)).toList();
    return first
        || later(Ceremony.DEAL, accused)
            .map(signed ->
                opening(signed).map(opening -> !opening.recipients().equals(others)).orElse(true))
            .orElse(false)
        || later(Ceremony.COMPLAIN, accused)
            .map(signed -> complaints(signed).isEmpty())
            .orElse(false);
  }

  private boolean opensCommitment(PartyId dealer, DkgOpening opening) {
    var commitment = commitment(dealer).orElseThrow();
    return Committed.Dealer.commitment(
            context.hash(),
            dealer,
            commitment.nonce(),
            opening.coefficients(),
            opening.chainCode(),
            opening.blind())
        .equals(commitment.commitment());
  }

  private boolean proves(PartyId dealer, DkgOpening opening) {
    return !opening.coefficients().isEmpty()
        && new ProofOfPossession(opening.proofCommitment(), opening.proofResponse())
            .verifies(
                group,
                ProofOfPossession.challenge(group, session().orElseThrow(), dealer),
                opening.coefficients().getFirst());
  }

  /** Whether somebody's complaint about that dealer opens to a share off its polynomial. */
  private boolean hasDealtBadly(PartyId dealer) {
    return committee.parties().stream()
        .filter(party -> !party.equals(dealer))
        .anyMatch(complainer ->
            complaintsOf(complainer).stream()
                .filter(complaint -> complaint.dealer().equals(dealer))
                .anyMatch(complaint -> isOff(complainer, complaint).orElse(false)));
  }

  /** Whether a complaint is about nothing that was dealt, or opens to shares that are right. */
  private boolean hasComplainedFalsely(PartyId complainer) {
    return complaintsOf(complainer).stream()
        .anyMatch(complaint ->
            complaint.dealer().equals(complainer)
                || !committee.parties().contains(complaint.dealer())
                || !committee.pointsOf(complainer).contains(complaint.point())
                || isOff(complainer, complaint).map(off -> !off).orElse(false));
  }

  private List<Complaint> complaintsOf(PartyId complainer) {
    return later(Ceremony.COMPLAIN, complainer)
        .flatMap(this::complaints)
        .map(DkgComplaints::complaints)
        .orElseGet(List::of);
  }

  /** Whether the dealt shares are wrong; empty if the revealed key does not open them. */
  private Optional<Boolean> isOff(PartyId complainer, Complaint complaint) {
    var points = committee.pointsOf(complainer);
    var signed = later(Ceremony.DEAL, complaint.dealer());
    var opening = signed.flatMap(this::opening);
    var sealed = opening.flatMap(o -> o.sealedTo(complainer));
    if (sealed.isEmpty() || !points.contains(complaint.point())) {
      return Optional.empty();
    }
    if (sealed.get().length() != DkgShares.length(points.size()) + Primitives.TAG_LENGTH) {
      return Optional.of(true);
    }
    return Sealing.openPublic(
            complaint.key(),
            Ceremony.DEAL,
            0,
            signed.get().envelope().associatedData(),
            sealed.get())
        .map(plain -> !areRight(plain, complainer, opening.get()));
  }

  private boolean areRight(byte[] plain, PartyId complainer, DkgOpening opening) {
    var points = committee.pointsOf(complainer);
    if (opening.coefficients().size() != committee.threshold()
        || !DkgShares.framed(MemorySegment.ofArray(plain), points.size())) {
      return false;
    }
    var feldman = new Feldman(group, opening.coefficients());
    int header = plain.length - 32 * points.size();
    boolean right = true;
    for (int i = 0; i < points.size(); i++) {
      var share = Arrays.copyOfRange(plain, header + 32 * i, header + 32 * (i + 1));
      var point = points.get(i);
      right &=
          group
              .publicOps()
              .decodeScalar(share)
              .map(scalar -> group.publicOps().multiplyBase(scalar).equals(feldman.at(point)))
              .orElse(false);
    }
    return right;
  }
}
