package io.sharekeep.threshold.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.adversary.Curve;
import io.sharekeep.adversary.Malformation;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.keygen.Identity;
import io.sharekeep.threshold.keygen.MisusedEnvelope;
import io.sharekeep.threshold.keygen.TestGroups;
import io.sharekeep.threshold.keygen.TestParty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The envelope of every message of key generation and FROST: each field in every malformation, from
 * every wrong sender, and in every wrong state of its receiver. What is wrong counts for nothing
 * and blames nobody, and the true message counts after it.
 */
@LeavesNothing
class EnvelopeMatrixTest {
  private static final PartyId ONE = new PartyId(1);
  private static final PartyId TWO = new PartyId(2);
  private static final PartyId THREE = new PartyId(3);
  private static final PartyId STRANGER = new PartyId(77);
  private static final Octets SESSION = Samples.filled(7, 32);

  /** A protocol with its suite, and its rounds with envelopes. */
  record Exchange(Protocol protocol, Suite suite, int rounds) {
    /** Whether what a relay forges in that round is taken until something about it is wrong. */
    boolean takesAtItsWord(int round) {
      return protocol == Protocol.DKG ? round > 1 : round == 2;
    }

    @Override
    public String toString() {
      return protocol + " " + suite;
    }
  }

  private static final List<Exchange> EXCHANGES =
      List.of(
          new Exchange(Protocol.DKG, Suite.FROST_ED25519, 3),
          new Exchange(Protocol.DKG, Suite.FROST_SECP256K1_TR, 3),
          new Exchange(Protocol.FROST_SIGN, Suite.FROST_ED25519, 2),
          new Exchange(Protocol.FROST_SIGN, Suite.FROST_SECP256K1_TR, 2));

  static Stream<Arguments> messages() {
    return EXCHANGES.stream()
        .flatMap(exchange ->
            IntStream.rangeClosed(1, exchange.rounds()).mapToObj(r -> Arguments.of(exchange, r)));
  }

  /** Three parties of whom the first receives; in signing the third has no part. */
  private static final class Session implements AutoCloseable {
    private final Exchange exchange;
    private final Map<PartyId, TestParty> parties = new HashMap<>();
    private final List<PartyId> signers;

    Session(Exchange exchange) {
      this.exchange = exchange;
      var all = List.of(ONE, TWO, THREE);
      signers = exchange.protocol() == Protocol.DKG ? all : List.of(ONE, TWO);
      for (var id : all) {
        var context = context(signers.contains(id) ? signers : all);
        parties.put(id, new TestParty(context, id, TestGroups.of(exchange.suite()), 5));
      }
    }

    private SessionContext context(List<PartyId> signers) {
      return new SessionContext(
          exchange.protocol(),
          exchange.suite(),
          Samples.filled(1, 16),
          0,
          2,
          Stream.of(ONE, TWO, THREE)
              .map(id ->
                  new SessionContext.Member(
                      id, Identity.of(id).pin().digest(), List.of(new EvaluationPoint(id.value()))))
              .toList(),
          signers,
          1,
          List.of(),
          Samples.filled(2, 32),
          Optional.empty(),
          TestParty.NOW + 300,
          Samples.filled(3, 32),
          Samples.filled(4, 32),
          exchange.protocol() == Protocol.DKG ? 1 : 0);
    }

    TestParty party(PartyId id) {
      return Optional.ofNullable(parties.get(id)).orElseThrow();
    }

    /** All have heard all of the rounds before this one. */
    Session at(int round) {
      for (int now = 1; now < round; now++) {
        var sent = new ArrayList<SignedEnvelope>();
        for (var id : signers) {
          sent.add(sends(id, now));
        }
        for (var message : sent) {
          for (var id : signers) {
            if (!id.equals(message.envelope().from())) {
              assertInstanceOf(
                  Reception.Accepted.class, receive(party(id), now, message.encoded()));
            }
          }
        }
        if (now == 1) {
          signers.forEach(id -> party(id).endpoint.fix(SESSION));
        }
      }
      return this;
    }

    SignedEnvelope sends(PartyId id, int round) {
      var payload = round == 3 ? DkgComplaints.NONE : Samples.filled(0xa0, 1);
      return party(id)
          .endpoint
          .broadcast(
              round, payload, round == 1 ? Optional.of(Samples.filled(9, 64)) : Optional.empty());
    }

    Reception receive(int round, byte[] message) {
      return receive(party(ONE), round, message);
    }

    private static Reception receive(TestParty party, int round, byte[] message) {
      return party.endpoint.receive(round, message, TestParty.NOW, _ -> 0);
    }

    /** Any bytes, under the signature of the second. */
    byte[] signed(Octets envelope) {
      var signature = party(TWO).sign(SignedEnvelope.toBeSigned(envelope));
      return WireCodec.encode(Cbor.list(WireCodec.item(envelope), Cbor.bytes(signature)));
    }

    void assertCounts(int round, SignedEnvelope message) {
      assertInstanceOf(Reception.Accepted.class, receive(round, message.encoded()));
    }

    @Override
    public void close() {
      parties.values().forEach(TestParty::close);
    }
  }

  /** Signed by its true sender. The payload and the log's checkpoint are for others to judge. */
  @ParameterizedTest(name = "{0}, round {1}")
  @MethodSource("messages")
  void aFieldThatIsSpoiltCountsForNothing(Exchange exchange, int round) {
    var session = new Session(exchange).at(round);
    try {
      var honest = session.sends(TWO, round);
      var malformations = Malformation.of(honest.bytes().toArray(), Curve.SECP256K1);
      assertTrue(malformations.size() > 60, "few: " + malformations);
      for (var malformation : malformations) {
        var spoilt = Octets.of(malformation.apply(honest.bytes().toArray()));
        switch (session.receive(round, session.signed(spoilt))) {
          case Reception.Dropped _ -> {
            continue;
          }
          case Reception.Contradiction(var _, var culprits, var _) -> {
            assertTrue(malformation.name().startsWith(".10 "), malformation.name()); // the view
            assertEquals(List.of(), culprits, malformation.name());
            session.assertCounts(round, honest);
          }
          case Reception.Accepted _ ->
              assertTrue(
                  honest.bytes().equals(spoilt) || isForOthers(exchange, round, malformation),
                  malformation.name());
        }
        session.close();
        session = new Session(exchange).at(round);
        assertArrayEquals(
            honest.encoded(), session.sends(TWO, round).encoded(), "the sessions are alike");
      }
      session.assertCounts(round, honest);
    } finally {
      session.close();
    }
  }

  /**
   * What an endpoint does not judge: another payload and another checkpoint of the log, or none;
   * and what it takes at its word, from whichever signer.
   */
  private static boolean isForOthers(Exchange exchange, int round, Malformation malformation) {
    var name = malformation.name();
    return name.matches("\\.1[14] (?!empty|as an integer).*")
        || name.equals(" without field 14")
        || (name.equals(".8 one more")
            && exchange.protocol() == Protocol.DKG
            && exchange.takesAtItsWord(round));
  }

  static Stream<Arguments> misuses() {
    return messages()
        .flatMap(message ->
            Stream.of(MisusedEnvelope.values())
                .map(misuse -> Arguments.of(message.get()[0], message.get()[1], misuse)));
  }

  @ParameterizedTest(name = "{0}, round {1}, {2}")
  @MethodSource("misuses")
  void anEnvelopeThatIsMisusedCountsForNothing(
      Exchange exchange, int round, MisusedEnvelope misuse) {
    try (var session = new Session(exchange).at(round)) {
      var honest = session.sends(TWO, round);
      var reception = session.receive(round, misuse.of(honest, session.party(TWO), ONE));
      // What is taken at its word gives way to the true message.
      boolean givesWay =
          exchange.takesAtItsWord(round)
              && ((misuse == MisusedEnvelope.ANOTHER_SIGNATURE && round == 2)
                  || (misuse == MisusedEnvelope.ANOTHER_SENDER
                      && exchange.protocol() == Protocol.DKG));
      assertEquals(givesWay, reception instanceof Reception.Accepted, reception.toString());
      assertTrue(givesWay || reception instanceof Reception.Dropped, reception.toString());
      session.assertCounts(round, honest);
    }
  }

  /** Under whose name, and by whose key. */
  enum Impostor {
    THE_SENDER_IN_THE_RECEIVERS_NAME,
    THE_SENDER_IN_THE_THIRDS_NAME,
    THE_THIRD_IN_THE_SENDERS_NAME,
    THE_THIRD_IN_ITS_OWN_NAME,
    THE_SENDER_IN_A_STRANGERS_NAME;

    byte[] of(Envelope message, TestParty sender, TestParty third) {
      return switch (this) {
        case THE_SENDER_IN_THE_RECEIVERS_NAME -> MisusedEnvelope.as(sender, message, ONE);
        case THE_SENDER_IN_THE_THIRDS_NAME -> MisusedEnvelope.as(sender, message, THREE);
        case THE_THIRD_IN_THE_SENDERS_NAME -> MisusedEnvelope.as(third, message, TWO);
        case THE_THIRD_IN_ITS_OWN_NAME -> MisusedEnvelope.as(third, message, THREE);
        case THE_SENDER_IN_A_STRANGERS_NAME -> MisusedEnvelope.as(sender, message, STRANGER);
      };
    }

    /** Who has a part in the session, as the third in key generation, may speak for itself. */
    boolean isHonest(boolean thirdHasPart) {
      return this == THE_THIRD_IN_ITS_OWN_NAME && thirdHasPart;
    }

    /** What is taken at its word is as good from anybody, until a second message comes. */
    boolean isTaken(Exchange exchange, int round, boolean thirdHasPart) {
      return exchange.takesAtItsWord(round)
          && (this == THE_THIRD_IN_THE_SENDERS_NAME
              || (this == THE_SENDER_IN_THE_THIRDS_NAME && thirdHasPart));
    }
  }

  static Stream<Arguments> impostors() {
    return messages()
        .flatMap(message ->
            Stream.of(Impostor.values())
                .map(impostor -> Arguments.of(message.get()[0], message.get()[1], impostor)));
  }

  @ParameterizedTest(name = "{0}, round {1}, {2}")
  @MethodSource("impostors")
  void aMessageCountsFromItsSenderOnly(Exchange exchange, int round, Impostor impostor) {
    try (var session = new Session(exchange).at(round)) {
      var honest = session.sends(TWO, round);
      boolean part = session.signers.contains(THREE);
      var reception =
          session.receive(
              round, impostor.of(honest.envelope(), session.party(TWO), session.party(THREE)));
      boolean counts = impostor.isHonest(part) || impostor.isTaken(exchange, round, part);
      assertEquals(counts, reception instanceof Reception.Accepted, reception.toString());
      assertEquals(!counts, reception instanceof Reception.Dropped, reception.toString());
      session.assertCounts(round, honest);
    }
  }

  /** The receiver waits for another round, or has heard the message, or its time is over. */
  @ParameterizedTest(name = "{0}, round {1}")
  @MethodSource("messages")
  void aMessageCountsInItsOwnRoundOnly(Exchange exchange, int round) {
    try (var whole = new Session(exchange).at(round)) {
      byte[] message = whole.sends(TWO, round).encoded();
      for (int state = 1; state <= exchange.rounds() + 1; state++) {
        if (state == round) {
          continue;
        }
        try (var session = new Session(exchange).at(state)) {
          assertInstanceOf(
              Reception.Dropped.class, session.receive(state, message), "in round " + state);
          if (state <= exchange.rounds()) {
            session.assertCounts(state, session.sends(TWO, state));
          }
        }
      }
      assertInstanceOf(Reception.Accepted.class, whole.receive(round, message));
      assertEquals(new Reception.Dropped(DropReason.REPEATED), whole.receive(round, message));
    }
    try (var late = new Session(exchange).at(round)) {
      assertEquals(
          new Reception.Dropped(DropReason.EXPIRED),
          late.party(ONE)
              .endpoint
              .receive(round, late.sends(TWO, round).encoded(), TestParty.NOW + 301, _ -> 0));
    }
  }
}
