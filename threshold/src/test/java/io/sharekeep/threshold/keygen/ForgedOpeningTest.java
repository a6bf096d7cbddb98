package io.sharekeep.threshold.keygen;

import static io.sharekeep.threshold.keygen.TestCeremony.committee;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.keygen.TestCeremony.Ending;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.DropReason;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An opening of round 2 is taken at its word: what a relay puts in its place blames nobody, makes
 * nobody wait in vain, and makes no key of its own.
 */
class ForgedOpeningTest {
  private static final PartyId ONE = new PartyId(1);
  private static final PartyId TWO = new PartyId(2);
  private static final PartyId THREE = new PartyId(3);
  private static final Octets OTHER = Octets.of(new byte[32]);

  private static TestCeremony ceremony() {
    return new TestCeremony(
        TestGroups.of(Suite.FROST_ED25519), Suite.FROST_ED25519, committee(2, 3), 11);
  }

  /** The signature is that of the true envelope, and so of another one. */
  private static byte[] forged(
      TestCeremony ceremony, SignedEnvelope sent, UnaryOperator<DkgOpening> lie) {
    var group = ceremony.group;
    var opening =
        DkgOpening.decode(group.id(), group.publicOps(), sent.envelope().payload())
            .valid()
            .orElseThrow();
    var other =
        ceremony
            .party(sent.envelope().from())
            .signer
            .sign(Altered.payload(sent.envelope(), lie.apply(opening).encoded()));
    return new SignedEnvelope(other.bytes(), other.envelope(), sent.signature()).encoded();
  }

  private static byte[] unsigned(SignedEnvelope sent) {
    var signature = sent.signature().toArray();
    signature[40] ^= 1;
    return new SignedEnvelope(sent.bytes(), sent.envelope(), Octets.of(signature)).encoded();
  }

  /** What the relay changes in the opening of party 3 on its way to party 1. */
  enum Lie {
    COEFFICIENTS,
    A_COEFFICIENT_LESS,
    CHAIN_CODE,
    PROOF,
    SEALED,
    NOTHING_SEALED;

    DkgOpening of(DkgOpening o) {
      return switch (this) {
        case COEFFICIENTS -> coefficients(o, o.coefficients().reversed());
        case A_COEFFICIENT_LESS -> coefficients(o, List.of(o.coefficients().getFirst()));
        case CHAIN_CODE -> with(o, OTHER, o.proofCommitment(), o.sealed());
        case PROOF -> with(o, o.chainCode(), OTHER, o.sealed());
        case SEALED -> sealed(o, ONE);
        case NOTHING_SEALED -> with(o, o.chainCode(), o.proofCommitment(), List.of());
      };
    }
  }

  private static DkgOpening coefficients(DkgOpening o, List<Element> coefficients) {
    return new DkgOpening(
        coefficients, o.chainCode(), o.blind(), o.proofCommitment(), o.proofResponse(), o.sealed());
  }

  private static DkgOpening with(
      DkgOpening o, Octets chainCode, Octets proof, List<DkgOpening.Sealed> sealed) {
    return new DkgOpening(o.coefficients(), chainCode, o.blind(), proof, o.proofResponse(), sealed);
  }

  private static DkgOpening sealed(DkgOpening o, PartyId to) {
    var sealed = new ArrayList<DkgOpening.Sealed>();
    for (var each : o.sealed()) {
      var payload = each.payload().toArray();
      payload[3] ^= (byte) (each.to().equals(to) ? 1 : 0);
      sealed.add(new DkgOpening.Sealed(each.to(), Octets.of(payload)));
    }
    return with(o, o.chainCode(), o.proofCommitment(), sealed);
  }

  @ParameterizedTest
  @EnumSource
  void whatARelayPutsInItsPlaceIsForgottenAndTheTrueOneMakesTheKey(Lie lie) {
    try (var ceremony = ceremony()) {
      ceremony.run((round, recipient, sent) ->
          round == 2 && recipient.equals(ONE) && sent.envelope().from().equals(THREE)
              ? List.of(forged(ceremony, sent, lie::of))
              : List.of(sent.encoded()));

      assertEquals(Map.of(ONE, List.of(THREE)), ceremony.asked);
      for (var party : List.of(ONE, TWO, THREE)) {
        assertEquals(KeyStatus.ACTIVE, ceremony.done(party).ledger().status());
        assertEquals(ceremony.done(TWO).key(), ceremony.done(party).key());
      }
    }
  }

  @Test
  void theTrueOpeningUnderASpoiltSignatureMakesTheSameKey() {
    try (var ceremony = ceremony()) {
      ceremony.run((round, recipient, sent) ->
          round == 2 && recipient.equals(ONE) ? List.of(unsigned(sent)) : List.of(sent.encoded()));

      assertEquals(Map.of(), ceremony.asked);
      for (var party : List.of(ONE, TWO, THREE)) {
        assertEquals(KeyStatus.ACTIVE, ceremony.done(party).ledger().status());
        assertEquals(ceremony.done(TWO).key(), ceremony.done(party).key());
      }
    }
  }

  @Test
  void anotherViewThatItsSenderDidNotSignIsDropped() {
    try (var ceremony = ceremony()) {
      ceremony.run((round, recipient, sent) -> {
        if (round != 2 || !recipient.equals(ONE)) {
          return List.of(sent.encoded());
        }
        var sender = ceremony.party(sent.envelope().from());
        var other = sender.signer.sign(Altered.view(sent.envelope(), OTHER));
        return List.of(
            new SignedEnvelope(other.bytes(), other.envelope(), sent.signature()).encoded(),
            sent.encoded());
      });

      assertEquals(List.of(DropReason.SIGNATURE, DropReason.SIGNATURE), ceremony.drops(ONE));
      assertEquals(KeyStatus.ACTIVE, ceremony.done(ONE).ledger().status());
    }
  }

  /** Party 1 cannot know that party 2 got something else; the views of round 3 say so. */
  @Test
  void whatIsChangedForAnotherEndsInDifferentViewsAndBlamesNobody() {
    try (var ceremony = ceremony()) {
      ceremony.run((round, recipient, sent) -> {
        if (round != 2 || !recipient.equals(ONE) || !sent.envelope().from().equals(THREE)) {
          return List.of(sent.encoded());
        }
        return List.of(forged(ceremony, sent, opening -> sealed(opening, TWO)));
      });

      for (var party : List.of(ONE, TWO, THREE)) {
        assertEquals(
            new Ending.Aborted(Fault.VIEW_MISMATCH, List.of()), ceremony.endings.get(party));
      }
      assertTrue(ceremony.statements.isEmpty());
      assertEquals(
          Set.of(ONE, TWO),
          ceremony.party(ONE).endpoint.accepted(2).keySet(),
          "evidence that its sender did not sign");
    }
  }

  /** Deals party 1 a share off the polynomial. */
  private static void join(TestCeremony ceremony) {
    Rogue.join(
        new Rogue(ceremony, THREE, 2) {
          @Override
          void spoil(PartyId recipient, MemorySegment payload) {
            if (recipient.equals(ONE)) {
              long last = payload.byteSize() - 32;
              payload.set(
                  ValueLayout.JAVA_BYTE,
                  last,
                  (byte) (payload.get(ValueLayout.JAVA_BYTE, last) ^ 1));
            }
          }
        });
  }

  @Test
  void aBadShareIsComplainedOfOnceItsDealerHasSignedIt() {
    try (var ceremony = ceremony()) {
      join(ceremony);
      ceremony.run((round, recipient, sent) ->
          round == 2 && recipient.equals(ONE) && sent.envelope().from().equals(THREE)
              ? List.of(unsigned(sent))
              : List.of(sent.encoded()));

      assertEquals(Map.of(ONE, List.of(THREE)), ceremony.asked);
      for (var party : List.of(ONE, TWO)) {
        assertEquals(
            new Ending.Aborted(Fault.BAD_SHARE, List.of(THREE)), ceremony.endings.get(party));
      }
    }
  }

  @Test
  void whoHasTheDealersWordUnsignedBlamesNobodyForIt() {
    try (var ceremony = ceremony()) {
      join(ceremony);
      ceremony.run((round, recipient, sent) ->
          round == 2 && recipient.equals(TWO) && sent.envelope().from().equals(THREE)
              ? List.of(unsigned(sent))
              : List.of(sent.encoded()));

      assertEquals(new Ending.Aborted(Fault.BAD_SHARE, List.of(THREE)), ceremony.endings.get(ONE));
      assertEquals(new Ending.Aborted(Fault.BAD_SHARE, List.of()), ceremony.endings.get(TWO));
    }
  }
}
