package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.adversary.Curve;
import io.sharekeep.adversary.Malformation;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.keygen.TestCeremony.Ending;
import io.sharekeep.threshold.keygen.TestCeremony.Relay;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field of every message of key generation, spoilt in every way, from one of three. */
@LeavesNothing
class KeyGenerationMatrixTest {
  private static final long SEED = 11;
  private static final PartyId ONE = new PartyId(1);
  private static final PartyId TWO = new PartyId(2);
  private static final PartyId THREE = new PartyId(3);

  private static TestCeremony ceremony(Suite suite, long seed) {
    return new TestCeremony(TestGroups.of(suite), suite, TestCeremony.committee(2, 3), seed);
  }

  /** Sends what an honest party would, but for the payload of one round; keeps to its own lie. */
  private static final class Liar extends Rogue {
    private final int round;
    private final UnaryOperator<Octets> lie;

    Liar(TestCeremony ceremony, int round, UnaryOperator<Octets> lie) {
      super(ceremony, THREE, 2);
      this.round = round;
      this.lie = lie;
    }

    @Override
    SignedEnvelope broadcast(int now, Octets payload) {
      return super.broadcast(now, now == round ? lie.apply(payload) : payload);
    }

    /** What it said may leave it without a way to go on. */
    @Override
    public List<SignedEnvelope> send(int now) {
      try {
        return super.send(now);
      } catch (NoSuchElementException stuckInItsOwnLie) {
        return List.of();
      }
    }
  }

  private static List<Malformation> malformations(Suite suite, int round) {
    try (var ceremony = ceremony(suite, SEED)) {
      Rogue.join(new Liar(ceremony, 0, UnaryOperator.identity()));
      ceremony.run(Relay.HONEST);
      var sample =
          ceremony.traffic.stream()
              .map(SignedEnvelope::envelope)
              .filter(envelope -> envelope.from().equals(THREE) && envelope.round() == round)
              .findAny()
              .orElseThrow()
              .payload();
      return Malformation.of(sample.toArray(), Curve.valueOf(suite.group().name()));
    }
  }

  static Stream<Arguments> rounds() {
    return Stream.of(Suite.FROST_ED25519, Suite.FROST_SECP256K1_TR)
        .flatMap(suite -> IntStream.rangeClosed(1, 3).mapToObj(r -> Arguments.of(suite, r)));
  }

  /**
   * Nobody gets a key, nobody honest is blamed, and the liar is: by all, or where only one can know
   * by that one.
   */
  @ParameterizedTest(name = "{0}, round {1}")
  @MethodSource("rounds")
  void aSpoiltFieldGivesNoKeyAndBlamesItsSender(Suite suite, int round) {
    var malformations = malformations(suite, round);
    assertTrue(malformations.size() >= (round == 3 ? 4 : 30), "few: " + malformations);
    for (var malformation : malformations) {
      var lie = new ArrayList<Octets>();
      try (var ceremony = ceremony(suite, SEED)) {
        Rogue.join(
            new Liar(
                ceremony,
                round,
                honest -> {
                  lie.add(honest);
                  lie.add(Octets.of(malformation.apply(honest.toArray())));
                  return lie.getLast();
                }));
        ceremony.run(Relay.HONEST);
        if (lie.getFirst().equals(lie.getLast())) {
          continue; // this value was there already
        }
        var blamed = new TreeSet<PartyId>();
        for (var honest : List.of(ONE, TWO)) {
          var ending = ceremony.endings.get(honest);
          if (!(ending instanceof Ending.Aborted(var _, List<PartyId> culprits))) {
            throw new AssertionError(malformation + " ended with " + ending);
          }
          blamed.addAll(culprits);
        }
        assertEquals(new TreeSet<>(List.of(THREE)), blamed, malformation.name());
        assertEquals(List.of(), ceremony.statements, malformation.name());
      }
    }
  }

  static Stream<Arguments> misuses() {
    return IntStream.rangeClosed(1, 3)
        .boxed()
        .flatMap(r -> Stream.of(MisusedEnvelope.values()).map(misuse -> Arguments.of(r, misuse)));
  }

  /** Whether the sender did it or the relay: it counts for nothing, and the true message counts. */
  @ParameterizedTest(name = "round {0}, {1}")
  @MethodSource("misuses")
  void aSpoiltEnvelopeIsDroppedAndBlamesNobody(int round, MisusedEnvelope misuse) {
    var suite = Suite.FROST_ED25519;
    try (var ceremony = ceremony(suite, SEED)) {
      var sender = ceremony.party(THREE);
      ceremony.run((now, recipient, envelope) ->
          now == round && envelope.envelope().from().equals(THREE)
              ? List.of(misuse.of(envelope, sender, recipient), envelope.encoded())
              : List.of(envelope.encoded()));

      // What an opening says proves itself: taken at its word, it gives way to what is signed.
      boolean givesWay = round == 2 && misuse == MisusedEnvelope.ANOTHER_SIGNATURE;
      assertEquals(givesWay, ceremony.drops(ONE).isEmpty(), "whether it was taken");
      assertEquals(givesWay, ceremony.drops(TWO).isEmpty(), "whether it was taken");
      for (var party : ceremony.parties.keySet()) {
        assertEquals(KeyStatus.ACTIVE, ceremony.done(party).ledger().status());
      }
    }
  }

  /** What differs between the session that a message is from and the one it is played into. */
  enum Elsewhere {
    ANOTHER_SESSION_OF_THE_SAME_SHAPE,
    ANOTHER_SUITE
  }

  /** T-REP: every message of one session, in every round of another, to everybody. */
  @ParameterizedTest
  @EnumSource
  void noMessageOfAnotherSessionCountsInAnyRound(Elsewhere elsewhere) {
    var suite = Suite.FROST_ED25519;
    var foreign = elsewhere == Elsewhere.ANOTHER_SUITE ? Suite.FROST_SECP256K1_TR : suite;
    try (var other = ceremony(foreign, SEED + 1);
        var ceremony = ceremony(suite, SEED)) {
      other.run(Relay.HONEST);
      var replayed = other.traffic.stream().map(SignedEnvelope::encoded).toList();
      ceremony.run((_, _, envelope) -> {
        var delivered = new ArrayList<>(replayed);
        delivered.add(envelope.encoded());
        return delivered;
      });

      for (var party : ceremony.parties.keySet()) {
        assertEquals(KeyStatus.ACTIVE, ceremony.done(party).ledger().status());
        assertEquals(
            3 * 2 * replayed.size(), ceremony.drops(party).size(), "each is dropped each time");
      }
    }
  }

  /** T-REP: every message of a session in every later round of the same. */
  @ParameterizedTest
  @ValueSource(longs = {SEED})
  void noMessageOfAnEarlierRoundCountsAgain(long seed) {
    try (var ceremony = ceremony(Suite.FROST_ED25519, seed)) {
      var earlier = new ArrayList<SignedEnvelope>();
      ceremony.run((round, recipient, envelope) -> {
        var delivered =
            new ArrayList<byte[]>(
                earlier.stream()
                    .filter(old -> old.envelope().round() < round)
                    .map(SignedEnvelope::encoded)
                    .toList());
        delivered.add(envelope.encoded());
        delivered.add(envelope.encoded());
        earlier.add(envelope);
        return delivered;
      });

      for (var party : ceremony.parties.keySet()) {
        assertEquals(KeyStatus.ACTIVE, ceremony.done(party).ledger().status());
        assertFalse(ceremony.drops(party).isEmpty());
      }
    }
  }

  /** A nonce, commitment and key of another, or its opening and proof, or both. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "1, 2"})
  void theWordsOfAnotherPartyAreNoOnesElse(int first, int last) {
    try (var ceremony = ceremony(Suite.FROST_ED25519, SEED)) {
      var ofTwo = new TreeMap<Integer, Octets>();
      var signer = ceremony.party(THREE).signer;
      ceremony.run((now, recipient, envelope) -> {
        if (envelope.envelope().from().equals(TWO)) {
          ofTwo.putIfAbsent(now, envelope.envelope().payload());
        }
        if (now < first || now > last || !envelope.envelope().from().equals(THREE)) {
          return List.of(envelope.encoded());
        }
        var words = Optional.ofNullable(ofTwo.get(now)).orElseThrow();
        var copied = signer.sign(Altered.payload(envelope.envelope(), words));
        return List.of(copied.encoded());
      });

      for (var party : List.of(ONE, TWO)) {
        assertFalse(
            ceremony.endings.get(party) instanceof Ending.Done done
                && done.ledger().status() == KeyStatus.ACTIVE,
            "a key came of copied words");
        if (ceremony.endings.get(party) instanceof Ending.Aborted(var _, List<PartyId> culprits)) {
          assertTrue(List.of(THREE).containsAll(culprits), "blamed: " + culprits);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theOrderOfDeliveryDoesNotMatter(long seed) {
    try (var ceremony = ceremony(Suite.FROST_ED25519, seed)) {
      var random = new Random(seed);
      ceremony.order =
          sent -> {
            var shuffled = new ArrayList<>(sent);
            Collections.shuffle(shuffled, random);
            return shuffled;
          };
      ceremony.run(Relay.HONEST);

      for (var party : ceremony.parties.keySet()) {
        assertEquals(KeyStatus.ACTIVE, ceremony.done(party).ledger().status());
      }
    }
  }
}
