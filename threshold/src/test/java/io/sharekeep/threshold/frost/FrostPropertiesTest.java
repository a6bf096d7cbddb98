package io.sharekeep.threshold.frost;

import static io.sharekeep.threshold.frost.TestSession.advanced;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@LeavesNothing
class FrostPropertiesTest {
  /** All 2 ≤ t ≤ n ≤ 5. */
  static Stream<Arguments> suitesAndSizes() {
    return Stream.of(FrostSuite.values())
        .flatMap(suite ->
            IntStream.rangeClosed(2, 5)
                .boxed()
                .flatMap(n ->
                    IntStream.rangeClosed(2, n)
                        .mapToObj(t -> Arguments.of(suite, t, n, 1000L * n + t))));
  }

  @ParameterizedTest(name = "{0} {1}-of-{2} seed {3}")
  @MethodSource("suitesAndSizes")
  void everyQuorumSigns(FrostSuite suite, int threshold, int points, long seed) {
    var group = TestGroups.quickest(suite.group());
    var key = TestKey.dealt(suite, group, threshold, points, seed);
    var random = new SplittableRandom(seed);
    for (var quorum : quorums(new ArrayList<>(key.owners().keySet()), threshold)) {
      var message = new byte[random.nextInt(80)];
      random.nextBytes(message);
      try (var session =
          new TestSession(key, key.stored(), key.signers(quorum), random.nextLong())) {
        var signature = session.signature(message);
        assertEquals(suite.signatureLength(), signature.length);
        assertTrue(Verifiers.verifies(key.stored(), message, signature));
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1} points, seed {2}")
  @MethodSource("weights")
  void partiesWithSeveralPointsSign(FrostSuite suite, List<Integer> weights, long seed) {
    var random = new SplittableRandom(seed);
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    for (int party = 0; party < weights.size(); party++) {
      for (int w = weights.get(party); w > 0; ) {
        var point = new EvaluationPoint(1 + random.nextInt(65535));
        if (owners.putIfAbsent(point, new PartyId(party + 1)) == null) {
          w--;
        }
      }
    }
    int threshold = Collections.max(weights) + 1;
    var group = TestGroups.quickest(suite.group());
    var key = TestKey.dealt(suite, group, threshold, owners, seed);
    var message = new byte[32];
    random.nextBytes(message);
    try (var session = TestSession.of(key, seed)) {
      assertTrue(Verifiers.verifies(key.stored(), message, session.signature(message)));
    }
  }

  static Stream<Arguments> weights() {
    return Stream.of(FrostSuite.values())
        .flatMap(suite ->
            Stream.of(List.of(2, 1), List.of(2, 2, 1), List.of(3, 1, 1), List.of(4, 3, 2))
                .map(weights -> Arguments.of(suite, weights, 9591L)));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void allBackendsGiveTheSameBytes(FrostSuite suite) {
    var message = new byte[] {1, 2, 3};
    var signatures = new HashSet<List<Byte>>();
    for (var group : TestGroups.of(suite.group())) {
      var key = TestKey.dealt(suite, group, 2, 3, 77);
      try (var session = TestSession.of(key, 77)) {
        signatures.add(boxed(session.signature(message)));
      }
    }
    assertEquals(1, signatures.size());
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void concurrentSessionsHaveDistinctNonces(FrostSuite suite) {
    var key = TestKey.dealt(suite, TestGroups.quickest(suite.group()), 2, 2, 3);
    var seen = new HashSet<List<Byte>>();
    var sessions = new ArrayList<TestSession>();
    for (int i = 0; i < 16; i++) {
      sessions.add(TestSession.of(key, i));
      for (var commitment : sessions.getLast().commitments()) {
        assertTrue(seen.add(boxed(commitment.hiding().encoded())));
        assertTrue(seen.add(boxed(commitment.binding().encoded())));
      }
    }
    // All are open at once, and each signs another message.
    for (int i = 0; i < 16; i++) {
      var message = new byte[] {(byte) i};
      try (var session = sessions.get(i)) {
        assertTrue(Verifiers.verifies(key.stored(), message, session.signature(message)));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void theSameRandomnessAndAnotherShareGiveOtherNonces(FrostSuite suite) {
    var key = TestKey.dealt(suite, TestGroups.quickest(suite.group()), 2, 2, 3);
    var other = TestKey.dealt(suite, TestGroups.quickest(suite.group()), 2, 2, 4);
    try (var one = TestSession.of(key, 5);
        var two = TestSession.of(other, 5)) {
      assertNotEquals(one.commitments(), two.commitments());
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void theOrderOfSharesDoesNotMatter(FrostSuite suite) {
    var key = TestKey.dealt(suite, TestGroups.quickest(suite.group()), 3, 3, 8);
    try (var session = TestSession.of(key, 8)) {
      var signing = session.signing(new byte[0]);
      var shares = session.sign(signing);
      assertArrayEquals(
          advanced(session.aggregate(signing, shares)),
          advanced(session.aggregate(signing, shares.reversed())));
    }
  }

  /** Every subset of at least so many points. */
  private static List<List<EvaluationPoint>> quorums(List<EvaluationPoint> points, int threshold) {
    var quorums = new ArrayList<List<EvaluationPoint>>();
    for (int mask = 0; mask < 1 << points.size(); mask++) {
      int chosen = mask;
      if (Integer.bitCount(chosen) >= threshold) {
        quorums.add(
            IntStream.range(0, points.size())
                .filter(i -> (chosen >> i & 1) == 1)
                .mapToObj(points::get)
                .toList());
      }
    }
    return quorums;
  }

  private static List<Byte> boxed(byte[] bytes) {
    var list = new ArrayList<Byte>(bytes.length);
    for (byte b : bytes) {
      list.add(b);
    }
    return list;
  }
}
