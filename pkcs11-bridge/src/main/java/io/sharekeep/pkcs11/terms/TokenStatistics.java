package io.sharekeep.pkcs11.terms;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a token was used since it was opened, for metrics. Counts only grow.
 *
 * @param inUse calls inside the token now
 * @param permits how many may be
 * @param waiting calls that wait for their turn now
 * @param operations by what was asked
 * @param losses how often a session, a login or the token itself was found lost
 * @param relogins how often that was repaired by logging in again
 * @param reinitialisations how often the library was initialised anew, for all of its tokens
 * @param withoutToken how long in all it was logged in but not ready
 * @param opens how many opens each sealing key has done, to hold against the HSM's own count
 */
public record TokenStatistics(
    int inUse,
    int permits,
    int waiting,
    Map<Operation, Latency> operations,
    long losses,
    long relogins,
    long reinitialisations,
    Duration withoutToken,
    Map<KeyRef, Long> opens) {
  /** What may be asked of a token. */
  public enum Operation {
    SEAL,
    OPEN,
    SIGN,
    RANDOM,
    GENERATE,
    FIND,
    DESTROY,
    PUBLIC_KEY,
    EVIDENCE,
    /** The light call that shows that the token still answers. */
    PROBE
  }

  /** Upper bounds of the histogram's buckets in microseconds; one more bucket has none. */
  public static final List<Long> BOUNDS_MICROS =
      List.of(
          100L,
          300L,
          1_000L,
          3_000L,
          10_000L,
          30_000L,
          100_000L,
          300_000L,
          1_000_000L,
          3_000_000L,
          10_000_000L);

  /**
   * How long calls of one kind took, with all waiting and repairs.
   *
   * @param failed how many of them threw
   * @param buckets calls by {@link #BOUNDS_MICROS}, not cumulative, one more than there are bounds
   */
  public record Latency(
      long count, long failed, Duration total, Duration longest, List<Long> buckets) {
    public Latency {
      buckets = List.copyOf(buckets);
    }
  }

  public TokenStatistics {
    operations = Map.copyOf(operations);
    opens = Map.copyOf(opens);
  }
}
