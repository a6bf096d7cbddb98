package io.sharekeep.enclave;

import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenStatistics;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The metrics of a token, core or edge, from what the bridge counted. */
public final class TokenSeries {
  private TokenSeries() {}

  /**
   * How a token was used.
   *
   * @param role {@code core} or {@code edge}
   */
  public static Statistics of(String role, TokenStatistics token) {
    var label = "{token=\"" + role + "\"";
    var counters = new TreeMap<String, Long>();
    counters.put("hsm_losses" + label + "}", token.losses());
    counters.put("hsm_relogins" + label + "}", token.relogins());
    counters.put("hsm_reinitialisations" + label + "}", token.reinitialisations());
    for (Map.Entry<KeyRef, Long> opens : token.opens().entrySet()) {
      counters.merge(
          "hsm_opens" + label + ",key=\"" + opens.getKey().name().label() + "\"}",
          opens.getValue(),
          Long::sum);
    }
    var histograms = new TreeMap<String, Statistics.Histogram>();
    token
        .operations()
        .forEach((operation, took) -> {
          var series = label + ",op=\"" + operation.name().toLowerCase(Locale.ROOT) + "\"}";
          counters.put("hsm_failures" + series, took.failed());
          histograms.put(
              "hsm_operation_duration_seconds" + series,
              new Statistics.Histogram(
                  TokenStatistics.BOUNDS_MICROS, took.buckets(), took.total().toNanos()));
        });
    return new Statistics(
        counters,
        Map.of(
            "hsm_sessions" + label + ",state=\"in_use\"}", (long) token.inUse(),
            "hsm_sessions" + label + ",state=\"permitted\"}", (long) token.permits(),
            "hsm_sessions" + label + ",state=\"waited_for\"}", (long) token.waiting()),
        Map.of("hsm_without" + label + "}", token.withoutToken().toNanos()),
        histograms);
  }
}
