package io.sharekeep.enclave.session;

import io.sharekeep.attestation.note.LogKey;
import io.sharekeep.enclave.audit.AuditLog;
import io.sharekeep.enclave.memory.PoolStats;
import io.sharekeep.enclave.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What a core that runs must not have between two tests. */
final class CoreLeftovers {
  private static final int LOOKS = 40;
  private static final Duration BETWEEN = Duration.ofMillis(50);

  private CoreLeftovers() {}

  /**
   * Of a whole core.
   *
   * @param logKey SubjectPublicKeyInfo
   */
  static List<String> of(Core core, byte[] logKey) {
    var desk = core.desk();
    return Stream.concat(
            memory(core).stream(), log(desk.store(), desk.tenant(), logKey, desk.clock()).stream())
        .toList();
  }

  /**
   * A session that is just being ended by its own thread is none of those that live, and its slab
   * is lent for a moment more; what is lent after that has been left behind.
   */
  private static List<String> memory(Core core) {
    var left = memoryNow(core);
    for (int i = 0; i < LOOKS && !left.isEmpty(); i++) {
      LockSupport.parkNanos(BETWEEN.toNanos());
      left = memoryNow(core);
    }
    return left;
  }

  private static List<String> memoryNow(Core core) {
    var pools = core.engine().slabs();
    // Each thread's generator has a slab for life, presignatures of a key have one.
    return memory(pools, pools.size() + core.engine().liveSessions() + core.desk().stock().slabs());
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
        Path.of("never-asked-for"),
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
