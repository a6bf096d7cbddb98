package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.Statistics;
import io.sharekeep.enclave.TokenSeries;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Gathers what the parts of the core have counted, under the names that the face publishes. */
final class CoreStatistics {
  private CoreStatistics() {}

  static Statistics of(Desk desk, Engine engine) {
    var counters = new TreeMap<>(desk.counters().counts());
    var nanoseconds = new TreeMap<>(desk.counters().nanoseconds());
    var gauges = new TreeMap<String, Long>();
    var vault = desk.vault().statistics();
    counters.put("kek_opens", vault.opens());
    counters.put("kek_seals", vault.seals());
    counters.put("kek_probes", vault.probes());
    counters.put("kek_failures", vault.failures());
    nanoseconds.put("hsm_open", vault.openNanos());
    var commits = desk.store().times();
    counters.put("store_commits", commits.commits());
    nanoseconds.put("store_commit", commits.nanoseconds());
    gauges.put("kek_seals_counted", desk.vault().sealCount().counted());
    gauges.put("audit_log_size", desk.log().size());
    gauges.put("sessions", (long) engine.liveSessions());
    gauges.put("queue_depth", (long) engine.waiting());
    for (var stage : Stage.values()) {
      gauges.put(
          "keys{stage=\"" + stage.name().toLowerCase(Locale.ROOT) + "\"}",
          desk.keys().all().stream().filter(key -> key.stage() == stage).count());
    }
    return new Statistics(counters, gauges, nanoseconds, Map.of("share_open_seconds", vault.held()))
        .and(TokenSeries.of("core", desk.vault().token()));
  }
}
