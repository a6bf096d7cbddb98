package io.sharekeep.enclave.session;

import io.sharekeep.enclave.audit.AuditLog;
import io.sharekeep.enclave.audit.LogKey;
import io.sharekeep.enclave.memory.PoolStats;
import io.sharekeep.enclave.store.Store;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a core that runs must not have between two tests. */
final class CoreLeftovers {
  private CoreLeftovers() {}

  /**
   * Of a whole core.
   *
   * @param logKey SubjectPublicKeyInfo
   */
  static List<String> of(Core core, byte[] logKey) {
    var desk = core.desk();
    var pools = core.engine().slabs();
    // Each thread's generator has a slab for life.
    return Stream.concat(
            memory(pools, pools.size() + core.engine().liveSessions()).stream(),
            log(desk.store(), desk.tenant(), logKey, desk.clock()).stream())
        .toList();
  }

  /**
   * Of slabs.
   *
   * @param wanted how many may be lent
   */
  static List<String> memory(List<PoolStats> pools, long wanted) {
    var left = new ArrayList<String>();
    long lent =
        pools.stream()
            .flatMap(pool -> pool.lent().values().stream())
            .mapToLong(Integer::longValue)
            .sum();
    if (lent > wanted) {
      left.add(lent + " slabs are lent, and only " + wanted + " are in use");
    }
    if (pools.stream().anyMatch(PoolStats::shareLent)) {
      left.add("a share lease is open");
    }
    return left;
  }

  /** Of a log, as it would be found at the next start. */
  static List<String> log(Store store, String tenant, byte[] logKey, InstantSource clock) {
    return switch (AuditLog.open(
        store,
        tenant,
        LogKey.of(Peers.origin(logKey), logKey),
        _ -> {
          throw new IllegalStateException("who reads does not sign");
        },
        clock)) {
      case AuditLog.Opened.Verified _ -> List.of();
      case AuditLog.Opened.Broken(String why) -> List.of("the log does not verify: " + why);
    };
  }
}
