package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.group.PublicScalar;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One fixed value of every wire type. */
final class Samples {
  static final PartyId ONE = new PartyId(1);
  static final PartyId TWO = new PartyId(2);

  private static final Groups JAVA = Groups.java();

  private Samples() {}

  static Octets filled(int value, int length) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return Octets.of(bytes);
  }

  static Group group(GroupId id) {
    return JAVA.of(id);
  }

  /** k·G. */
  static Element element(GroupId id, long k) {
    var ops = group(id).publicOps();
    return ops.multiplyBase(ops.scalar(k)).orElseThrow();
  }

  static PublicScalar scalar(GroupId id, long k) {
    return group(id).publicOps().scalar(k);
  }

  static SessionContext signingContext() {
    return new SessionContext(
        Protocol.FROST_SIGN,
        Suite.FROST_SECP256K1_TR,
        filled(0x11, 16),
        1,
        2,
        List.of(member(1, 1), member(2, 2, 300), member(7, 65535)),
        List.of(ONE, new PartyId(7)),
        2,
        List.of(0L, 5L),
        filled(0x33, 32),
        Optional.of(filled(0x44, 32)),
        1_800_000_000L,
        filled(0x55, 32),
        filled(0x66, 32),
        0);
  }

  static SessionContext keygenContext() {
    return new SessionContext(
        Protocol.DKG,
        Suite.FROST_ED25519,
        filled(0x11, 16),
        0,
        2,
        List.of(member(1, 1), member(2, 2), member(3, 3)),
        List.of(ONE, TWO, new PartyId(3)),
        1,
        List.of(),
        filled(0x33, 32),
        Optional.empty(),
        1_800_000_000L,
        filled(0x55, 32),
        filled(0x66, 32),
        1);
  }

  private static SessionContext.Member member(int id, int... points) {
    return new SessionContext.Member(
        new PartyId(id),
        filled(id, 32),
        Arrays.stream(points).mapToObj(EvaluationPoint::new).toList());
  }

  static EnvelopeCertificate certificate() {
    return EnvelopeCertificate.issue(
        new EnvelopeCertificate.Body(
            ONE,
            filled(0x21, 32),
            filled(0x22, 32),
            filled(0x23, 16),
            1_799_999_970L,
            1_800_003_570L,
            42,
            filled(0x24, 32)),
        _ -> filled(0x25, 64).toArray());
  }

  static SignedEnvelope broadcast() {
    return signed(
        new Envelope(
            Protocol.DKG,
            Suite.FROST_ED25519,
            filled(0x11, 16),
            0,
            filled(0x12, 32),
            1,
            ONE,
            Optional.empty(),
            Optional.empty(),
            commitment().encoded(),
            1_800_000_300L,
            Optional.of(certificate()),
            Optional.of(filled(0x13, 100))));
  }

  static SignedEnvelope second() {
    return signed(
        new Envelope(
            Protocol.DKG,
            Suite.FROST_ED25519,
            filled(0x11, 16),
            0,
            filled(0x12, 32),
            2,
            ONE,
            Optional.empty(),
            Optional.of(filled(0x14, 32)),
            opening(GroupId.ED25519).encoded(),
            1_800_000_300L,
            Optional.empty(),
            Optional.empty()));
  }

  private static SignedEnvelope signed(Envelope envelope) {
    return new SignedEnvelope(Octets.owned(envelope.encoded()), envelope, filled(0x16, 64));
  }

  static DkgCommitment commitment() {
    return new DkgCommitment(filled(0x31, 32), filled(0x32, 32), filled(0x33, 32));
  }

  static DkgOpening opening(GroupId id) {
    return new DkgOpening(
        List.of(element(id, 2), element(id, 3)),
        filled(0x41, 32),
        filled(0x42, 32),
        Octets.of(element(id, 4).encoded()),
        scalar(id, 5),
        List.of(
            new DkgOpening.Sealed(TWO, filled(0x15, 52)),
            new DkgOpening.Sealed(new PartyId(300), filled(0x16, 84))));
  }

  static DkgComplaints complaints() {
    return new DkgComplaints(
        List.of(new DkgComplaints.Complaint(TWO, new EvaluationPoint(300), filled(0x51, 32))));
  }

  static FrostNonces nonces(GroupId id) {
    return new FrostNonces(
        filled(0x71, 16),
        List.of(
            new FrostNonces.Entry(0, new EvaluationPoint(2), 7, element(id, 2), element(id, 3)),
            new FrostNonces.Entry(0, new EvaluationPoint(300), 8, element(id, 4), element(id, 5)),
            new FrostNonces.Entry(1, new EvaluationPoint(2), 9, element(id, 6), element(id, 7))));
  }

  static FrostShares shares(GroupId id) {
    return new FrostShares(
        List.of(
            new FrostShares.Entry(0, new EvaluationPoint(2), scalar(id, 11)),
            new FrostShares.Entry(1, new EvaluationPoint(2), scalar(id, 12))));
  }
}
