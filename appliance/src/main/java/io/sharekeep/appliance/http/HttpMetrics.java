package io.sharekeep.appliance.http;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** How long requests took, by route and status. */
final class HttpMetrics {
  private final Histogram durations;

  HttpMetrics(PrometheusRegistry registry) {
    durations =
        Histogram.builder()
            .name("sharekeep_http_request_duration_seconds")
            .help("Time from the whole request read to its answer, by route and status.")
            .labelNames("route", "code")
            .classicUpperBounds(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10)
            .classicOnly()
            .register(registry);
  }

  void observe(String route, int status, long nanoseconds) {
    durations.labelValues(route, Integer.toString(status)).observe(nanoseconds / 1e9);
  }
}
