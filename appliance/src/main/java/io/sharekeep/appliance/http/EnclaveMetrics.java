package io.sharekeep.appliance.http;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sharekeep.appliance.peer.Coordinator;
import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.Statistics.Histogram;
import io.sharekeep.enclave.TokenSeries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the enclave counts and states, read at each scrape. */
final class EnclaveMetrics implements MultiCollector {
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"?([^\",}]*)\"?");

  private static final String INFO = "_info";

  /** The enclave's own queue, beside those of the listeners. */
  private static final String WAITING = "queue_depth";

  private final Enclave enclave;
  private final Edge edge;
  private final Coordinator coordinator;
  private final Map<String, Admission> admissions;
  private final Drain drain;
  private final String version;
  private final Instant started;

  EnclaveMetrics(
      Enclave enclave,
      Edge edge,
      Coordinator coordinator,
      Map<String, Admission> admissions,
      Drain drain,
      String version,
      Instant started) {
    this.enclave = enclave;
    this.edge = edge;
    this.coordinator = coordinator;
    this.admissions = Map.copyOf(admissions);
    this.drain = drain;
    this.version = version;
    this.started = started;
  }

  @Override
  public MetricSnapshots collect() {
    var gauges = new Series();
    var counters = new Series();
    var status = enclave.status();
    gauges.add("sharekeep_build_info", Labels.of("version", version), 1);
    gauges.add(
        "sharekeep_start_timestamp_seconds", Labels.EMPTY, (double) started.getEpochSecond());
    for (var state : State.values()) {
      gauges.add(
          "sharekeep_state", Labels.of("state", state.name()), state == status.state() ? 1 : 0);
    }
    gauges.add("sharekeep_frozen", Labels.EMPTY, status.state() == State.FROZEN ? 1 : 0);
    gauges.add("sharekeep_ready", Labels.EMPTY, ready(status.state()) ? 1 : 0);
    gauges.add("sharekeep_secret_memory_info", Labels.of("mode", status.secretMemory()), 1);
    gauges.add("sharekeep_audit_log_size", Labels.EMPTY, (double) status.logSize());
    gauges.add(
        "sharekeep_tls_certificate_expiry_timestamp_seconds",
        Labels.EMPTY,
        (double) edge.certificateEnd().getEpochSecond());
    coordinator
        .peers()
        .forEach((peer, up) ->
            gauges.add("sharekeep_peer_up", Labels.of("peer", peer.toString()), up ? 1 : 0));
    admissions.forEach((pool, admission) -> {
      gauges.add("sharekeep_queue_depth", Labels.of("pool", pool), admission.inside());
      counters.add(
          "sharekeep_queue_rejected_total", Labels.of("pool", pool), (double) admission.rejected());
    });
    var statistics = enclave.statistics().and(TokenSeries.of("edge", edge.statistics()));
    statistics.counters().forEach(counters::add);
    statistics
        .gauges()
        .forEach((series, value) ->
            gauges.add(series.equals(WAITING) ? WAITING + "{pool=\"signing\"}" : series, value));
    statistics
        .nanoseconds()
        .forEach((series, nanoseconds) -> counters.add(seconds(series), nanoseconds / 1e9));
    var all = new ArrayList<MetricSnapshot>();
    gauges.byName.forEach((name, points) -> all.add(gauge(name, points)));
    counters.byName.forEach((name, points) -> {
      if (!gauges.byName.containsKey(name)) {
        all.add(counter(name, points));
      }
    });
    var histograms = new Histograms();
    statistics.histograms().forEach(histograms::add);
    histograms.byName.forEach((name, points) -> all.add(histogram(name, points)));
    return new MetricSnapshots(all);
  }

  private boolean ready(State state) {
    return state == State.OPERATIONAL
        && HealthListener.readiness(enclave, edge, drain).stream().allMatch(Check::passed);
  }

  /** A sum of durations is a counter: {@code x{…}} becomes {@code x_seconds_total{…}}. */
  private static String seconds(String series) {
    int labels = series.indexOf('{');
    var name = labels < 0 ? series : series.substring(0, labels);
    var rest = labels < 0 ? "" : series.substring(labels);
    return (name.endsWith("_seconds") ? name : name + "_seconds") + "_total" + rest;
  }

  private static MetricSnapshot gauge(String name, Map<Labels, Double> points) {
    if (name.endsWith(INFO)) {
      var info =
          InfoSnapshot.builder()
              .name(name.substring(0, name.length() - INFO.length()))
              .help(help(name));
      points
          .keySet()
          .forEach(
              labels -> info.dataPoint(InfoDataPointSnapshot.builder().labels(labels).build()));
      return info.build();
    }
    var snapshot = GaugeSnapshot.builder().name(name).help(help(name));
    points.forEach((labels, value) ->
        snapshot.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return snapshot.build();
  }

  private static MetricSnapshot counter(String name, Map<Labels, Double> points) {
    var snapshot = CounterSnapshot.builder().name(name).help(help(name));
    points.forEach((labels, value) ->
        snapshot.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
    return snapshot.build();
  }

  private static MetricSnapshot histogram(String name, Map<Labels, Histogram> points) {
    var snapshot = HistogramSnapshot.builder().name(name).help(help(name));
    points.forEach((labels, histogram) ->
        snapshot.dataPoint(
            HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(
                    ClassicHistogramBuckets.of(
                        Stream.concat(
                                histogram.boundsMicros().stream().map(micros -> micros / 1e6),
                                Stream.of(Double.POSITIVE_INFINITY))
                            .toList(),
                        histogram.buckets()))
                .sum(histogram.totalNanos() / 1e9)
                .build()));
    return snapshot.build();
  }

  private static String help(String name) {
    return "See the operator guide, metrics: " + name + ".";
  }

  /** The name of a series and its labels. */
  private record Named(String metric, Labels labels) {
    /**
     * @param series {@code name} or {@code name{label="value",…}}
     */
    static Named of(String series) {
      int brace = series.indexOf('{');
      if (brace < 0) {
        return new Named(full(series), Labels.EMPTY);
      }
      var labels = new TreeMap<String, String>();
      var matcher = LABEL.matcher(series.substring(brace + 1));
      while (matcher.find()) {
        labels.put(matcher.group(1), matcher.group(2));
      }
      return new Named(
          full(series.substring(0, brace)),
          Labels.of(new ArrayList<>(labels.keySet()), new ArrayList<>(labels.values())));
    }

    static String full(String name) {
      return name.startsWith("sharekeep_") ? name : "sharekeep_" + name;
    }
  }

  /** Histograms by metric name. */
  private static final class Histograms {
    private final Map<String, Map<Labels, Histogram>> byName = new TreeMap<>();

    void add(String series, Histogram histogram) {
      var named = Named.of(series);
      byName.computeIfAbsent(named.metric(), _ -> new TreeMap<>()).put(named.labels(), histogram);
    }
  }

  /** Data points by metric name. */
  private static final class Series {
    private final Map<String, Map<Labels, Double>> byName = new TreeMap<>();

    void add(String series, double value) {
      var named = Named.of(series);
      add(named.metric(), named.labels(), value);
    }

    void add(String series, Long value) {
      add(series, value.doubleValue());
    }

    void add(String name, Labels labels, double value) {
      var full = Named.full(name);
      var metric = full.endsWith("_total") ? full.substring(0, full.length() - 6) : full;
      byName.computeIfAbsent(metric, _ -> new TreeMap<>()).putIfAbsent(labels, value);
    }
  }
}
