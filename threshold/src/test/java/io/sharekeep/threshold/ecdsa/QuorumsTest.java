package io.sharekeep.threshold.ecdsa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.keygen.Derivation;
import io.sharekeep.threshold.keygen.SeededRandomness;
import io.sharekeep.threshold.wire.Octets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Acceptance check C5: keys of every (t, n) up to (5, 7) sign, at every depth of derivation from 0
 * to 5. As a campaign with every set of signers that reaches t; else with one of exactly t for each
 * key, and a larger one of the smallest.
 */
@LeavesNothing
class QuorumsTest {
  private static final boolean CAMPAIGN = Boolean.getBoolean("sharekeep.campaign");
  private static final Group GROUP = Groups.open(new SeededRandomness(5)).secp256k1();
  private static final Octets DIGEST = Octets.of(Model.h32("sid", 5));

  static Stream<Arguments> keys() {
    return IntStream.rangeClosed(2, 5)
        .boxed()
        .flatMap(t -> IntStream.rangeClosed(t, 7).mapToObj(n -> Arguments.of(t, n)));
  }

  @ParameterizedTest(name = "{0} of {1}")
  @MethodSource("keys")
  void everyQuorumOfEveryKeySigns(int threshold, int n) {
    var weights = new int[n];
    Arrays.fill(weights, 1);
    var key = new TestKey(GROUP, 100L * threshold + n, threshold, weights);
    var quorums = quorums(threshold, n);
    assertEquals(CAMPAIGN ? count(threshold, n) : n == 3 ? 2 : 1, quorums.size());
    int depth = threshold + n;
    for (var signers : quorums) {
      sign(key, signers, depth++ % 6);
    }
  }

  /** By bit masks, smallest sets first; of the fast form the ends of a key's parties. */
  private static List<int[]> quorums(int threshold, int n) {
    var all =
        IntStream.range(0, 1 << n)
            .filter(mask -> Integer.bitCount(mask) >= threshold)
            .mapToObj(mask ->
                IntStream.rangeClosed(1, n).filter(id -> (mask >> (id - 1) & 1) == 1).toArray())
            .toList();
    if (CAMPAIGN) {
      return all;
    }
    var spread =
        IntStream.concat(
                IntStream.rangeClosed(1, threshold / 2),
                IntStream.rangeClosed(n - (threshold - threshold / 2) + 1, n))
            .toArray();
    return n == 3 ? List.of(spread, new int[] {1, 2, 3}) : List.of(spread);
  }

  /** Σ binomial(n, k) for k from t to n. */
  private static long count(int threshold, int n) {
    long count = 0;
    long binomial = 1;
    for (int k = 0; k <= n; k++) {
      count += k >= threshold ? binomial : 0;
      binomial = binomial * (n - k) / (k + 1);
    }
    return count;
  }

  private static void sign(TestKey key, int[] signers, int depth) {
    var path = LongStream.range(0, depth).map(level -> level * 44 + 1).boxed().toList();
    var derived = Derivation.of(GROUP, key.publicKey, Octets.of(new byte[32]), path).orElseThrow();
    var signingKey = SigningKey.derived(GROUP, key.publicKey, derived.offset()).orElseThrow();
    assertEquals(derived.key(), signingKey.key());
    try (var ceremony =
        SigningTest.ceremony(key, signingKey, signers, DIGEST, TestSigner.Mutator.HONEST)) {
      ceremony.run();
      assertEquals(signers.length, ceremony.signers.size());
      for (var signer : ceremony.signers.values()) {
        assertEquals(Optional.empty(), signer.aborted, () -> Arrays.toString(signers));
        assertTrue(
            SigningTest.verifies(signingKey, DIGEST, signer.signature.orElseThrow()),
            () -> Arrays.toString(signers));
      }
    }
  }
}
