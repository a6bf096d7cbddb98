package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Interpolation;
import io.sharekeep.threshold.wire.Suite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@LeavesNothing
class KeyGenerationTest {
  private static final long SEED = 20261122;

  static Stream<Arguments> sizes() {
    var cases = new ArrayList<Arguments>();
    for (var suite : List.of(Suite.FROST_ED25519, Suite.FROST_SECP256K1_TR)) {
      for (int n = 2; n <= 5; n++) {
        for (int t = 2; t <= n; t++) {
          cases.add(Arguments.of(suite, TestCeremony.committee(t, n), SEED + n * 10L + t));
        }
      }
      cases.add(Arguments.of(suite, TestCeremony.weighted(3, 2, 1, 1), SEED + 101));
      cases.add(Arguments.of(suite, TestCeremony.weighted(3, 2, 2), SEED + 102));
      cases.add(Arguments.of(suite, TestCeremony.weighted(4, 1, 2, 3, 1), SEED + 103));
      cases.add(Arguments.of(suite, TestCeremony.weighted(5, 4, 1, 2, 4, 1), SEED + 104));
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}, {1}, seed {2}")
  @MethodSource("sizes")
  void everyPartyEndsWithItsSharesOfOneKey(Suite suite, Committee committee, long seed) {
    var group = TestGroups.of(suite);
    try (var ceremony = new TestCeremony(group, suite, committee, seed)) {
      ceremony.run(TestCeremony.Relay.HONEST);

      var first = ceremony.done(committee.parties().getFirst()).key();
      for (var party : committee.parties()) {
        var done = ceremony.done(party);
        assertEquals(first, done.key());
        assertEquals(KeyStatus.ACTIVE, done.ledger().status());
        assertEquals(committee.pointsOf(party), List.copyOf(done.shares().keySet()));
        done.shares()
            .forEach((point, share) ->
                assertEquals(Optional.of(first.verificationShare(point)), image(group, share)));
      }
      for (var points : quorums(committee)) {
        assertEquals(Optional.of(first.publicKey()), interpolated(group, first, points));
      }
      assertTrue(ceremony.drops.isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Suite.class,
      names = {"FROST_ED25519", "FROST_SECP256K1_TR"})
  void fewerPointsThanTheThresholdSayNothingOfTheKey(Suite suite) {
    var group = TestGroups.of(suite);
    try (var ceremony = new TestCeremony(group, suite, TestCeremony.committee(3, 4), SEED)) {
      var key = ceremony.run(TestCeremony.Relay.HONEST).done(new PartyId(1)).key();
      var two = List.of(new EvaluationPoint(1), new EvaluationPoint(2));

      assertNotEquals(Optional.of(key.publicKey()), interpolated(group, key, two));
    }
  }

  @Test
  void otherRandomnessOrAnotherContextMakesAnotherKey() {
    var group = TestGroups.of(Suite.FROST_ED25519);
    var committee = TestCeremony.committee(2, 2);
    try (var one = new TestCeremony(group, Suite.FROST_ED25519, committee, SEED);
        var again = new TestCeremony(group, Suite.FROST_ED25519, committee, SEED);
        var other = new TestCeremony(group, Suite.FROST_ED25519, committee, SEED + 1)) {
      var key = one.run(TestCeremony.Relay.HONEST).done(new PartyId(1)).key();

      assertEquals(key, again.run(TestCeremony.Relay.HONEST).done(new PartyId(1)).key());
      var another = other.run(TestCeremony.Relay.HONEST).done(new PartyId(1)).key();
      assertNotEquals(key.publicKey(), another.publicKey());
      assertNotEquals(key.chainCode(), another.chainCode());
      assertNotEquals(key.session(), another.session());
    }
  }

  @Test
  void aStateIsSpentOnce() {
    var group = TestGroups.of(Suite.FROST_ED25519);
    try (var ceremony =
        new TestCeremony(group, Suite.FROST_ED25519, TestCeremony.committee(2, 2), SEED)) {
      var one = ceremony.party(new PartyId(1));
      var two = ceremony.party(new PartyId(2));
      try (var first = Committed.start(one.means, one.endpoint, Optional.empty());
          var second = Committed.start(two.means, two.endpoint, Optional.empty())) {
        assertThrows(IllegalStateException.class, first::deal, "round 1 is not complete");
        one.endpoint.receive(1, second.outbox().getFirst().encoded(), TestParty.NOW, _ -> 0);
        try (var dealt = assertAdvanced(first.deal())) {
          assertEquals(1, dealt.outbox().size());
          assertThrows(IllegalStateException.class, first::deal);
        }
      }
    }
  }

  @Test
  void everyStateWipesWhatItHoldsWhenItIsClosed() {
    var group = TestGroups.of(Suite.FROST_ED25519);
    try (var ceremony =
        new TestCeremony(group, Suite.FROST_ED25519, TestCeremony.committee(2, 2), SEED)) {
      TestScratch scratch = ceremony.party(new PartyId(1)).scratch;
      int before = scratch.lent();
      var one = ceremony.party(new PartyId(1));
      var committed = Committed.start(one.means, one.endpoint, Optional.empty());

      assertEquals(before + 2, scratch.lent(), "coefficients and ephemeral key");
      committed.close();
      assertEquals(before, scratch.lent());
    }
  }

  private static <S> S assertAdvanced(io.sharekeep.threshold.Step<S> step) {
    if (step instanceof io.sharekeep.threshold.Step.Advanced<S>(S state)) {
      return state;
    }
    throw new AssertionError(step);
  }

  private static Optional<Element> image(Group group, byte[] share) {
    return group
        .publicOps()
        .decodeScalar(share)
        .flatMap(scalar -> group.publicOps().multiplyBase(scalar));
  }

  private static Optional<Element> interpolated(
      Group group, GeneratedKey key, Collection<EvaluationPoint> points) {
    var coefficients =
        points.stream()
            .map(point -> Interpolation.coefficient(group.publicOps(), point, points))
            .toList();
    return group
        .publicOps()
        .linearCombination(coefficients, points.stream().map(key::verificationShare).toList());
  }

  /** The first, the last and a scattered quorum. */
  private static List<List<EvaluationPoint>> quorums(Committee committee) {
    var points = List.copyOf(new TreeMap<>(committee.owners()).keySet());
    int t = committee.threshold();
    var scattered = new ArrayList<EvaluationPoint>();
    for (int i = 0; i < t; i++) {
      scattered.add(points.get(i * (points.size() - 1) / Math.max(1, t - 1)));
    }
    return List.of(
        points.subList(0, t), points.subList(points.size() - t, points.size()), scattered);
  }

  @Test
  void theSharesInTheRecordAreThirtyTwoBytesAscendingByPoint() {
    var group = TestGroups.of(Suite.FROST_SECP256K1_TR);
    try (var ceremony =
        new TestCeremony(
            group, Suite.FROST_SECP256K1_TR, TestCeremony.weighted(3, 2, 1, 1), SEED)) {
      var done = ceremony.run(TestCeremony.Relay.HONEST).done(new PartyId(1));

      assertEquals(
          List.of(new EvaluationPoint(1), new EvaluationPoint(2)),
          List.copyOf(done.shares().keySet()));
      done.shares().values().forEach(share -> assertEquals(32, share.length));
      assertArrayEquals(
          done.key().verificationShare(new EvaluationPoint(2)).encoded(),
          image(group, List.copyOf(done.shares().values()).getLast()).orElseThrow().encoded());
    }
  }
}
