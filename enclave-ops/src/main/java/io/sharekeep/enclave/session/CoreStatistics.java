package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.Statistics;
import io.sharekeep.enclave.TokenSeries;
import io.sharekeep.enclave.memory.PoolStats;
import io.sharekeep.enclave.vault.Kek;
import io.sharekeep.enclave.vault.KekHome;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Gathers what the parts of the core have counted, under the names that the face publishes. */
final class CoreStatistics {
  private CoreStatistics() {}

  /**
   * @param incomplete how many records are not sealed as they are to be
   * @param overdue how many shares were wiped because they lay open for too long
   */
  static Statistics of(Desk desk, Engine engine, long incomplete, long overdue) {
    var counters = new TreeMap<>(desk.counters().counts());
    var nanoseconds = new TreeMap<>(desk.counters().nanoseconds());
    var gauges = new TreeMap<String, Long>();
    var vault = desk.vault().statistics();
    counters.put("share_deadline_wipes", overdue);
    counters.put("kek_opens", vault.opens());
    counters.put("kek_failovers", vault.failovers());
    counters.put("kek_seals", vault.seals());
    counters.put("kek_probes", vault.probes());
    counters.put("kek_failures", vault.failures());
    nanoseconds.put("hsm_open", vault.openNanos());
    var commits = desk.store().times();
    counters.put("store_commits", commits.commits());
    nanoseconds.put("store_commit", commits.nanoseconds());
    for (var kek : desk.vault().keks().current()) {
      var token = "{token=\"" + kek.home().role().label() + "\"}";
      gauges.put("kek_seals_counted" + token, kek.seals().counted());
      gauges.put("kek_generation" + token, (long) kek.generation());
      gauges.put("hsm_in_use" + token, isInUse(desk, kek.home()) ? 1L : 0L);
    }
    gauges.put("key_records_incomplete", incomplete);
    gauges.put("audit_log_size", desk.log().size());
    gauges.put("sessions", (long) engine.liveSessions());
    gauges.put("queue_depth", (long) engine.waiting());
    var slabs = engine.slabs();
    gauges.put("presignatures", (long) desk.stock().size());
    gauges.put("slabs_lent", slabs.stream().mapToLong(CoreStatistics::lent).sum());
    gauges.put("share_leases_open", slabs.stream().filter(PoolStats::shareLent).count());
    for (var stage : Stage.values()) {
      gauges.put(
          "keys{stage=\"" + stage.name().toLowerCase(Locale.ROOT) + "\"}",
          desk.keys().all().stream().filter(key -> key.stage() == stage).count());
    }
    var statistics =
        new Statistics(counters, gauges, nanoseconds, Map.of("share_open_seconds", vault.held()));
    for (var home : desk.vault().keks().current().stream().map(Kek::home).toList()) {
      if (home.token().isPresent()) {
        statistics =
            statistics.and(TokenSeries.of(home.role().label(), home.token().get().statistics()));
      }
    }
    return statistics;
  }

  private static long lent(PoolStats slabs) {
    return slabs.lent().values().stream().mapToLong(Integer::longValue).sum();
  }

  /** Whether a share would be opened by this token now. */
  private static boolean isInUse(Desk desk, KekHome home) {
    return switch (home.role()) {
      case CORE -> desk.core().isFit();
      case FALLBACK -> desk.onFallback();
    };
  }
}
