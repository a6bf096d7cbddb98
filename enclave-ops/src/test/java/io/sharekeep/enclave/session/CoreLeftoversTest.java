package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.note.LogKey;
import io.sharekeep.enclave.audit.AuditLog;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.audit.LogKeys;
import io.sharekeep.enclave.memory.CallerId;
import io.sharekeep.enclave.memory.PoolSizes;
import io.sharekeep.enclave.memory.SecretMode;
import io.sharekeep.enclave.memory.SizeClass;
import io.sharekeep.enclave.memory.SlabPool;
import io.sharekeep.enclave.store.Store;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each of the three leaks for which {@code LeavesNothing} fails a test of this module is seen. */
class CoreLeftoversTest {
  private static final String TENANT = "main";

  @TempDir private Path folder;

  @Test
  void aSlabThatIsLentIsSeen() throws Exception {
    try (var pool = SlabPool.open(SecretMode.MLOCK, new PoolSizes(4, 0, 0, 0))) {
      var slab = pool.session(SizeClass.K4, new CallerId("test"), Duration.ofMinutes(1));
      assertEquals(
          List.of("1 slabs are lent, and only 0 are in use"),
          CoreLeftovers.memory(List.of(pool.stats()), 0));
      assertEquals(List.of(), CoreLeftovers.memory(List.of(pool.stats()), 1));

      slab.close();
      assertEquals(List.of(), CoreLeftovers.memory(List.of(pool.stats()), 0));
    }
  }

  @Test
  void aLeaseThatIsOpenIsSeen() throws Exception {
    try (var pool = SlabPool.open(SecretMode.MLOCK, new PoolSizes(4, 0, 0, 0))) {
      var lease = pool.share();
      assertEquals(
          List.of("a share lease is open"), CoreLeftovers.memory(List.of(pool.stats()), 0));

      lease.close();
      assertEquals(List.of(), CoreLeftovers.memory(List.of(pool.stats()), 0));
    }
  }

  @Test
  void aLogThatDoesNotVerifyIsSeen() throws Exception {
    var keys = new LogKeys();
    var clock = InstantSource.system();
    try (var store = Store.open(folder)) {
      var origin = Peers.origin(keys.spki());
      if (!(AuditLog.open(store, folder, TENANT, LogKey.of(origin, keys.spki()), keys, clock)
          instanceof AuditLog.Opened.Verified(AuditLog log))) {
        throw new AssertionError("an empty log verifies");
      }
      log.append(new Entry.Stopped("one"));
      log.append(new Entry.Stopped("two"));
      assertEquals(List.of(), CoreLeftovers.log(store, TENANT, keys.spki(), clock));

      try (var database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
          var statement = database.createStatement()) {
        assertEquals(1, statement.executeUpdate("delete from log_entry where position = 0"));
      }
      var left = CoreLeftovers.log(store, TENANT, keys.spki(), clock);
      assertEquals(1, left.size());
      assertTrue(left.getFirst().startsWith("the log does not verify: "), left.getFirst());
    }
  }
}
