package io.sharekeep.threshold.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.keygen.Altered;
import io.sharekeep.threshold.keygen.Identity;
import io.sharekeep.threshold.keygen.SeededRandomness;
import io.sharekeep.threshold.primitive.Primitives;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@LeavesNothing
class EndpointTest {
  private static final Primitives PRIMITIVES = Primitives.open();
  private static final long NOW = 1_800_000_000L;
  private static final PartyId ONE = new PartyId(1);
  private static final PartyId TWO = new PartyId(2);
  private static final PartyId THREE = new PartyId(3);
  private static final Octets PAYLOAD = Samples.filled(0xa0, 1);

  private final TestScratch scratch = new TestScratch();
  private final Map<PartyId, Scratch.Slab> keys = new HashMap<>();
  private final Map<PartyId, EnvelopeSigner> signers = new HashMap<>();

  /** RFC 8032 section 7.1, test 1. Zeros, on the other hand, are a point of order four. */
  private static final Octets SOMEBODYS_KEY =
      Octets.of(
          HexFormat.of()
              .parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));

  private final SessionContext context = context();
  private final Endpoint one = endpoint(ONE);
  private final Endpoint two = endpoint(TWO);
  private final Endpoint three = endpoint(THREE);

  private static SessionContext context() {
    return context(Protocol.DKG);
  }

  private static SessionContext context(Protocol protocol) {
    var parties = List.of(ONE, TWO, THREE);
    return new SessionContext(
        protocol,
        Suite.FROST_ED25519,
        Samples.filled(1, 16),
        0,
        2,
        parties.stream()
            .map(id ->
                new SessionContext.Member(
                    id, Identity.of(id).pin().digest(), List.of(new EvaluationPoint(id.value()))))
            .toList(),
        parties,
        1,
        List.of(),
        Samples.filled(2, 32),
        Optional.empty(),
        NOW + 300,
        Samples.filled(3, 32),
        Samples.filled(4, 32),
        protocol == Protocol.DKG ? 1 : 0);
  }

  /** An endpoint of a signing session whose round 1 is over, with what the others send next. */
  private final class Signing {
    final Endpoint one = start(ONE);
    final Endpoint two = start(TWO);
    final SignedEnvelope share;

    Signing() {
      var first = two.broadcast(1, PAYLOAD, Optional.empty());
      one.broadcast(1, PAYLOAD, Optional.empty());
      assertInstanceOf(Reception.Accepted.class, one.receive(1, first.encoded(), NOW, _ -> 0));
      one.fix(Samples.filled(7, 32));
      two.fix(Samples.filled(7, 32));
      share = two.broadcast(2, PAYLOAD, Optional.empty());
    }

    private Endpoint start(PartyId self) {
      return new Endpoint(context(Protocol.FROST_SIGN), self, pins(), signer(self));
    }

    Reception receive(SignedEnvelope envelope) {
      return one.receive(2, envelope.encoded(), NOW, _ -> 0);
    }

    /** What a relay can make of a true message: other bytes under the old signature. */
    SignedEnvelope forged() {
      var forged = Altered.payload(share.envelope(), Samples.filled(0xa1, 1));
      return new SignedEnvelope(Octets.owned(forged.encoded()), forged, share.signature());
    }
  }

  private Endpoint endpoint(PartyId self) {
    return new Endpoint(context, self, pins(), signer(self));
  }

  private static IdentityPins pins() {
    return new IdentityPins(
        Map.of(
            ONE, Identity.of(ONE).pin(),
            TWO, Identity.of(TWO).pin(),
            THREE, Identity.of(THREE).pin()));
  }

  /** A party's one true signer. */
  private EnvelopeSigner signer(PartyId self) {
    return signers.computeIfAbsent(self, party -> signer(party, body -> body));
  }

  private EnvelopeSigner signer(PartyId self, UnaryOperator<EnvelopeCertificate.Body> change) {
    return signer(self, change, Identity.of(self)::sign);
  }

  private EnvelopeSigner signer(
      PartyId self,
      UnaryOperator<EnvelopeCertificate.Body> change,
      UnaryOperator<byte[]> identity) {
    var slab = keys.computeIfAbsent(self, _ -> scratch.borrow(64));
    var publicKey =
        PRIMITIVES.ed25519KeyPair(scratch, new SeededRandomness(self.value()), slab.bytes());
    var body =
        new EnvelopeCertificate.Body(
            self,
            Identity.of(self).pin().digest(),
            Octets.of(publicKey),
            Samples.filled(5, 16),
            NOW - 30,
            NOW + 3570,
            10,
            Samples.filled(6, 32));
    return new EnvelopeSigner(
        PRIMITIVES, slab.bytes(), EnvelopeCertificate.issue(change.apply(body), identity));
  }

  @AfterEach
  void everythingIsGivenBack() {
    keys.values().forEach(Scratch.Slab::close);
    scratch.close();
  }

  private static void assertDropped(DropReason reason, Reception reception) {
    assertEquals(new Reception.Dropped(reason), reception);
  }

  private Reception atOne(SignedEnvelope envelope) {
    return one.receive(envelope.envelope().round(), envelope.encoded(), NOW, _ -> 10);
  }

  private void roundOne() {
    for (var sender : List.of(one, two, three)) {
      var sent = sender.broadcast(1, PAYLOAD, Optional.empty());
      for (var receiver : List.of(one, two, three)) {
        if (receiver != sender) {
          assertInstanceOf(
              Reception.Accepted.class, receiver.receive(1, sent.encoded(), NOW, _ -> 0));
        }
      }
    }
    for (var party : List.of(one, two, three)) {
      party.fix(Samples.filled(7, 32));
    }
  }

  static Stream<Arguments> badCertificates() {
    return Stream.of(
        Arguments.of(DropReason.CERTIFICATE_FUTURE, times(NOW + 1, NOW + 100, 10)),
        Arguments.of(DropReason.CERTIFICATE_EXPIRED, times(NOW - 100, NOW - 1, 10)),
        Arguments.of(DropReason.CERTIFICATE_LIFE, times(NOW - 30, NOW + 3571, 10)),
        Arguments.of(DropReason.CERTIFICATE_SERIAL, times(NOW - 30, NOW + 100, 9)),
        Arguments.of(DropReason.CERTIFICATE_SERIAL, times(NOW - 30, NOW + 100, 11 + (1L << 32))),
        Arguments.of(DropReason.CERTIFICATE_SERIAL, times(NOW - 30, NOW + 100, Long.MAX_VALUE)),
        Arguments.of(
            DropReason.CERTIFICATE_FOREIGN,
            change(b -> named(b, TWO, Identity.of(ONE).pin().digest()))),
        Arguments.of(DropReason.SIGNATURE, change(b -> withKey(b, SOMEBODYS_KEY))),
        Arguments.of(
            DropReason.CERTIFICATE_SIGNATURE, change(b -> withKey(b, Samples.filled(0, 32)))));
  }

  private static EnvelopeCertificate.Body withKey(EnvelopeCertificate.Body b, Octets key) {
    return new EnvelopeCertificate.Body(
        b.party(),
        b.identityKey(),
        key,
        b.bootId(),
        b.notBefore(),
        b.notAfter(),
        b.serial(),
        b.logKey());
  }

  private static UnaryOperator<EnvelopeCertificate.Body> change(
      UnaryOperator<EnvelopeCertificate.Body> change) {
    return change;
  }

  private static EnvelopeCertificate.Body named(
      EnvelopeCertificate.Body body, PartyId party, Octets identity) {
    return new EnvelopeCertificate.Body(
        party,
        identity,
        body.envelopeKey(),
        body.bootId(),
        body.notBefore(),
        body.notAfter(),
        body.serial(),
        body.logKey());
  }

  private static UnaryOperator<EnvelopeCertificate.Body> times(
      long notBefore, long notAfter, long serial) {
    return body ->
        new EnvelopeCertificate.Body(
            body.party(),
            body.identityKey(),
            body.envelopeKey(),
            body.bootId(),
            notBefore,
            notAfter,
            serial,
            body.logKey());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badCertificates")
  void anEnvelopeUnderABadCertificateIsDropped(
      DropReason reason, UnaryOperator<EnvelopeCertificate.Body> change) {
    var bad = new Endpoint(context, TWO, pins(), signer(TWO, change));

    assertDropped(reason, atOne(bad.broadcast(1, PAYLOAD, Optional.empty())));
    assertInstanceOf(
        Reception.Accepted.class,
        atOne(endpoint(TWO).broadcast(1, PAYLOAD, Optional.empty())),
        "the true one still counts");
  }

  @Test
  void theEdgesOfTheRulesAreInside() {
    for (var change :
        List.of(
            times(NOW, NOW, 10),
            times(NOW - 30, NOW + 3570, 10),
            times(NOW - 30, NOW + 1, 10 + (1L << 32)))) {
      var receiver = endpoint(ONE);
      var sender = new Endpoint(context, TWO, pins(), signer(TWO, change));

      assertInstanceOf(
          Reception.Accepted.class,
          receiver.receive(
              1, sender.broadcast(1, PAYLOAD, Optional.empty()).encoded(), NOW, _ -> 10));
    }
  }

  @Test
  void aCertificateByAnotherIdentityKeyIsDropped() {
    var stranger = Identity.fresh();
    var bad = new Endpoint(context, TWO, pins(), signer(TWO, body -> body, stranger::sign));

    assertDropped(
        DropReason.CERTIFICATE_SIGNATURE, atOne(bad.broadcast(1, PAYLOAD, Optional.empty())));
  }

  @Test
  void aCertificateForAnotherPartyIsDroppedWhoeverSignedIt() {
    var forThree = signer(TWO, body -> named(body, THREE, body.identityKey())).certificate();
    var sent = two.broadcast(1, PAYLOAD, Optional.empty()).envelope();

    assertDropped(
        DropReason.CERTIFICATE_FOREIGN,
        atOne(signer(TWO).sign(with(sent, Optional.of(forThree), 1))));
  }

  @Test
  void aFirstMessageNeedsItsCertificate() {
    var sent = two.broadcast(1, PAYLOAD, Optional.empty()).envelope();

    assertDropped(
        DropReason.CERTIFICATE_MISSING,
        atOne(signer(TWO).sign(with(sent, Optional.empty(), sent.round()))));
  }

  private static Envelope with(
      Envelope envelope, Optional<EnvelopeCertificate> certificate, int round) {
    return new Envelope(
        envelope.protocol(),
        envelope.suite(),
        envelope.keyId(),
        envelope.epoch(),
        envelope.session(),
        round,
        envelope.from(),
        envelope.to(),
        envelope.view(),
        envelope.payload(),
        envelope.expiry(),
        certificate,
        Optional.empty());
  }

  @Test
  void theKeyOfTheFirstMessageIsPinnedAndOutlivesItsCertificate() {
    roundOne();
    var sent = two.broadcast(2, PAYLOAD, Optional.empty());
    var swapped = signer(TWO, times(NOW - 30, NOW + 100, 11));

    assertDropped(
        DropReason.CERTIFICATE_CHANGED,
        atOne(swapped.sign(with(sent.envelope(), Optional.of(swapped.certificate()), 2))));
    assertInstanceOf(
        Reception.Accepted.class,
        one.receive(2, sent.encoded(), NOW + 300, _ -> 99),
        "the serial and the clock count in the first message only");
  }

  @Test
  void aLaterMessageDoesNotCarryTheCertificateAgain() {
    roundOne();
    var sent = two.broadcast(2, PAYLOAD, Optional.empty());
    var signer = signer(TWO);

    assertDropped(
        DropReason.UNEXPECTED,
        atOne(signer.sign(with(sent.envelope(), Optional.of(signer.certificate()), 2))));
  }

  static Stream<Arguments> foreignHeaders() {
    return Stream.of(
        header(DropReason.FOREIGN_SESSION, "session"),
        header(DropReason.UNEXPECTED, "protocol"),
        header(DropReason.UNEXPECTED, "suite"),
        header(DropReason.UNEXPECTED, "key"),
        header(DropReason.UNEXPECTED, "epoch"),
        header(DropReason.UNEXPECTED, "recipient"),
        header(DropReason.UNEXPECTED, "no view"),
        header(DropReason.EXPIRED, "expiry"));
  }

  private static Arguments header(DropReason reason, String field) {
    return Arguments.of(reason, field);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("foreignHeaders")
  void aMessageForAnotherCellIsDropped(DropReason reason, String field) {
    roundOne();
    var sent = two.broadcast(2, PAYLOAD, Optional.empty()).envelope();
    var moved =
        new Envelope(
            field.equals("protocol") ? Protocol.FROST_SIGN : sent.protocol(),
            field.equals("suite") ? Suite.FROST_SECP256K1 : sent.suite(),
            field.equals("key") ? Samples.filled(99, 16) : sent.keyId(),
            field.equals("epoch") ? 1 : sent.epoch(),
            field.equals("session") ? Samples.filled(99, 32) : sent.session(),
            sent.round(),
            sent.from(),
            field.equals("recipient") ? Optional.of(THREE) : sent.to(),
            field.equals("no view") ? Optional.empty() : sent.view(),
            sent.payload(),
            field.equals("expiry") ? sent.expiry() + 1 : sent.expiry(),
            Optional.empty(),
            Optional.empty());

    assertDropped(reason, atOne(signer(TWO).sign(moved)));
    assertInstanceOf(Reception.Accepted.class, atOne(signer(TWO).sign(sent)));
  }

  @Test
  void aMessageOfAnotherRoundIsDropped() {
    roundOne();
    var sent = two.broadcast(2, PAYLOAD, Optional.empty());

    assertDropped(DropReason.UNEXPECTED, one.receive(3, sent.encoded(), NOW, _ -> 0));
    assertDropped(DropReason.FOREIGN_SESSION, one.receive(1, sent.encoded(), NOW, _ -> 0));
  }

  @Test
  void aRoundThatIsNotCompleteAdmitsNoMessageOfTheNext() {
    roundOne();
    var second = two.broadcast(2, PAYLOAD, Optional.empty());
    var thirds = three.broadcast(2, PAYLOAD, Optional.empty());
    var ones = one.broadcast(2, PAYLOAD, Optional.empty());
    two.receive(2, thirds.encoded(), NOW, _ -> 0);
    two.receive(2, ones.encoded(), NOW, _ -> 0);
    var third = two.broadcast(3, PAYLOAD, Optional.empty());

    atOne(second);
    assertDropped(DropReason.UNEXPECTED, atOne(third));
    atOne(thirds);
    assertInstanceOf(Reception.Accepted.class, atOne(third));
  }

  @Test
  void beforeTheSessionIdIsFixedNoLaterMessageCounts() {
    var twos = two.broadcast(1, PAYLOAD, Optional.empty());
    var threes = three.broadcast(1, PAYLOAD, Optional.empty());
    one.broadcast(1, PAYLOAD, Optional.empty());
    atOne(twos);
    atOne(threes);

    for (var session : List.of(one.contextHash(), Samples.filled(7, 32))) {
      var early =
          new Envelope(
              Protocol.DKG,
              Suite.FROST_ED25519,
              context.keyId(),
              0,
              session,
              2,
              TWO,
              Optional.empty(),
              Optional.of(Samples.filled(8, 32)),
              PAYLOAD,
              context.deadline(),
              Optional.empty(),
              Optional.empty());
      assertDropped(DropReason.FOREIGN_SESSION, atOne(signer(TWO).sign(early)));
    }
  }

  @Test
  void noRoundHasMessagesToOneParty() {
    var sent = two.broadcast(1, PAYLOAD, Optional.empty()).envelope();
    var directed =
        new Envelope(
            sent.protocol(),
            sent.suite(),
            sent.keyId(),
            sent.epoch(),
            sent.session(),
            1,
            TWO,
            Optional.of(ONE),
            Optional.empty(),
            PAYLOAD,
            sent.expiry(),
            sent.certificate(),
            Optional.empty());

    assertDropped(DropReason.UNEXPECTED, atOne(signer(TWO).sign(directed)));
  }

  @Test
  void pastTheDeadlineNothingCounts() {
    var sent = two.broadcast(1, PAYLOAD, Optional.empty());

    assertDropped(DropReason.EXPIRED, one.receive(1, sent.encoded(), NOW + 301, _ -> 0));
  }

  @Test
  void aChangedBitAnywhereIsDroppedAndTheTrueMessageStillCounts() {
    var sent = two.broadcast(1, PAYLOAD, Optional.of(Samples.filled(8, 64)));
    var bytes = sent.encoded();
    for (int at = 0; at < bytes.length; at += 7) {
      bytes[at] ^= 0x10;
      assertInstanceOf(Reception.Dropped.class, one.receive(1, bytes, NOW, _ -> 0));
      bytes[at] ^= 0x10;
    }
    assertInstanceOf(Reception.Accepted.class, one.receive(1, bytes, NOW, _ -> 0));
  }

  @Test
  void aForgedShareIsForgottenBeforeAnybodyIsBlamedForIt() {
    var signing = new Signing();
    assertInstanceOf(Reception.Accepted.class, signing.receive(signing.forged()));

    assertEquals(List.of(TWO), signing.one.forgetUnsigned(2));
    assertEquals(
        List.of(TWO, THREE),
        signing.one.missingBroadcasts(2).stream().filter(p -> !p.equals(ONE)).toList());
    assertInstanceOf(Reception.Accepted.class, signing.receive(signing.share));
    assertEquals(List.of(), signing.one.forgetUnsigned(2));
    assertEquals(signing.share, signing.one.accepted(2).get(TWO));
  }

  @Test
  void aForgedShareGivesWayToTheTrueOneAndNeverTheReverse() {
    var forgedFirst = new Signing();
    forgedFirst.receive(forgedFirst.forged());
    assertInstanceOf(Reception.Accepted.class, forgedFirst.receive(forgedFirst.share));
    assertEquals(forgedFirst.share, forgedFirst.one.accepted(2).get(TWO));

    var trueFirst = new Signing();
    trueFirst.receive(trueFirst.share);
    assertDropped(DropReason.SIGNATURE, trueFirst.receive(trueFirst.forged()));
    assertDropped(DropReason.REPEATED, trueFirst.receive(trueFirst.share));
    assertEquals(trueFirst.share, trueFirst.one.accepted(2).get(TWO));
  }

  @Test
  void twoSignedSharesAreProofWhicheverCameFirst() {
    var signing = new Signing();
    var other =
        signer(TWO).sign(Altered.payload(signing.share.envelope(), Samples.filled(0xa1, 1)));
    signing.receive(signing.share);
    assertEquals(
        new Reception.Contradiction(
            Fault.EQUIVOCATION, List.of(TWO), List.of(signing.share, other)),
        signing.receive(other));
  }

  /** Key generation up to round 3, as one and two see it. */
  private final class Echo {
    final Octets complaint =
        new DkgComplaints(
                List.of(
                    new DkgComplaints.Complaint(
                        ONE, new EvaluationPoint(2), Samples.filled(0xa2, 32))))
            .encoded();

    Echo() {
      for (int round = 1; round <= 2; round++) {
        var sent = new ArrayList<SignedEnvelope>();
        for (var party : List.of(one, two, three)) {
          sent.add(party.broadcast(round, PAYLOAD, Optional.empty()));
        }
        for (var envelope : sent) {
          for (var party : List.of(one, two, three)) {
            party.receive(round, envelope.encoded(), NOW, _ -> 0);
          }
        }
        if (round == 1) {
          List.of(one, two, three).forEach(party -> party.fix(Samples.filled(7, 32)));
        }
      }
    }

    SignedEnvelope two(Octets payload) {
      return two.broadcast(3, payload, Optional.empty());
    }

    /** Under two's name, with a signature that is not two's. */
    SignedEnvelope forged(SignedEnvelope of, Octets payload) {
      var forged = Altered.payload(of.envelope(), payload);
      return new SignedEnvelope(Octets.owned(forged.encoded()), forged, Samples.filled(9, 64));
    }
  }

  @Test
  void thatNobodyComplainsIsTakenFromARelayUntilTheComplaintComes() {
    var echo = new Echo();
    var complaint = echo.two(echo.complaint);

    assertInstanceOf(Reception.Accepted.class, atOne(echo.forged(complaint, DkgComplaints.NONE)));
    assertEquals(new Reception.Accepted(complaint), atOne(complaint));
    assertEquals(complaint, one.accepted(3).get(TWO));
  }

  @Test
  void aComplaintIsNeverTakenFromARelay() {
    var echo = new Echo();
    var none = echo.two(DkgComplaints.NONE);
    var forged = echo.forged(none, echo.complaint);

    assertDropped(DropReason.SIGNATURE, atOne(forged));
    atOne(none);
    assertDropped(DropReason.SIGNATURE, atOne(forged));
    assertDropped(
        DropReason.SIGNATURE,
        atOne(new SignedEnvelope(none.bytes(), none.envelope(), Samples.filled(9, 64))));
    assertDropped(DropReason.REPEATED, atOne(none));
    assertEquals(none, one.accepted(3).get(TWO));
  }

  @Test
  void oneThatComplainsAndDoesNotHasContradictedItself() {
    var echo = new Echo();
    var none = echo.two(DkgComplaints.NONE);
    var complaint = signer(TWO).sign(Altered.payload(none.envelope(), echo.complaint));
    atOne(none);

    assertEquals(
        new Reception.Contradiction(Fault.EQUIVOCATION, List.of(TWO), List.of(none, complaint)),
        atOne(complaint));
  }

  @Test
  void anotherViewOfRoundTwoIsNeverTakenFromARelay() {
    var none = new Echo().two(DkgComplaints.NONE);
    var other = Altered.view(none.envelope(), Samples.filled(0xa3, 32));

    assertDropped(
        DropReason.SIGNATURE,
        atOne(new SignedEnvelope(Octets.owned(other.encoded()), other, Samples.filled(9, 64))));
    assertInstanceOf(Reception.Contradiction.class, atOne(signer(TWO).sign(other)));
  }

  @Test
  void twoSignedMessagesOfOneRoundAreProofAndOneTwiceIsNot() {
    var first = two.broadcast(1, PAYLOAD, Optional.empty());
    var second = endpoint(TWO).broadcast(1, Samples.filled(0xa1, 1), Optional.empty());
    atOne(first);

    assertDropped(DropReason.REPEATED, atOne(first));
    assertEquals(
        new Reception.Contradiction(Fault.EQUIVOCATION, List.of(TWO), List.of(first, second)),
        atOne(second));
  }

  @Test
  void anotherViewOfThePreviousRoundIsAContradictionOfNobody() {
    var elsewhere = endpoint(THREE).broadcast(1, Samples.filled(0xa1, 1), Optional.empty());
    var ones = one.broadcast(1, PAYLOAD, Optional.empty());
    var twos = two.broadcast(1, PAYLOAD, Optional.empty());
    var threes = three.broadcast(1, PAYLOAD, Optional.empty());
    atOne(twos);
    atOne(threes);
    two.receive(1, ones.encoded(), NOW, _ -> 0);
    two.receive(1, elsewhere.encoded(), NOW, _ -> 0);
    one.fix(Samples.filled(7, 32));
    two.fix(Samples.filled(7, 32));

    var sent = two.broadcast(2, PAYLOAD, Optional.empty());
    var reception = atOne(sent);
    assertEquals(
        new Reception.Contradiction(
            Fault.VIEW_MISMATCH, List.of(), List.of(ones, twos, threes, sent)),
        reception);
  }

  @Test
  void whatAPartySendsOfItselfOrAStrangerSendsIsDropped() {
    var own = one.broadcast(1, PAYLOAD, Optional.empty());

    assertDropped(DropReason.UNKNOWN_SENDER, atOne(own));
    assertDropped(DropReason.MALFORMED, one.receive(1, new byte[0], NOW, _ -> 0));
    assertDropped(
        DropReason.MALFORMED, one.receive(1, new byte[Envelope.MAX_LENGTH + 1], NOW, _ -> 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Endpoint(Samples.keygenContext(), new PartyId(9), pins(), signer(ONE)));
  }

  @Test
  void theSessionIdIsFixedOnce() {
    roundOne();

    assertThrows(IllegalStateException.class, () -> one.fix(Samples.filled(8, 32)));
  }
}
