package io.sharekeep.enclave.rules;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Set;

/**
 * What may be spent in a rolling window.
 *
 * @param most in base units for a sum, else a number
 * @param window zero where there is none
 * @param per each combination of these has a window of its own
 */
public record Limit(
    String id, Match match, Measure measure, BigInteger most, Duration window, Set<Dimension> per) {
  public Limit {
    per = Set.copyOf(per);
  }

  /**
   * What it counts, as text that is the same for ever: two limits of one shape count the same
   * transactions into the same windows, however much they allow.
   */
  public String shape() {
    return measure.label()
        + " "
        + per.stream().map(Dimension::label).sorted().toList()
        + " "
        + match.text();
  }

  /** What is counted. */
  public enum Measure {
    /** What leaves of one asset, with the fee where it is paid in that. */
    SUM("sum"),
    /** Transactions. */
    COUNT("count"),
    /** Different destinations. */
    DISTINCT_DESTINATIONS("distinctDestinations"),
    /** Transactions that are asked for and neither signed nor over. */
    PENDING("pending");

    private final String label;

    Measure(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** What tells one window of a limit from another. */
  public enum Dimension {
    WALLET("wallet"),
    ASSET("asset"),
    INITIATOR("initiator"),
    DESTINATION("destination");

    private final String label;

    Dimension(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
