package io.sharekeep.enclave.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The folder of one appliance, held by one process at a time. */
final class StateFolder implements AutoCloseable {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /** Where a lock or a sync may not mean what SQLite needs. */
  private static final Set<String> REMOTE =
      Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre");

  /**
   * The folders that this process holds. A POSIX lock is the process's, not the file handle's:
   * closing any handle of the file, as a refused second attempt would, gives the lock up. So the
   * file is not even opened while it is held here.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private StateFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static StateFolder lock(Path path) throws StoreUnusable {
    try {
      if (!Files.exists(path)) {
        Files.createDirectories(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      }
      var permissions = Files.getPosixFilePermissions(path);
      if (!OWNER_ONLY.containsAll(permissions)) {
        throw new StoreUnusable(
            StoreUnusable.Why.NOT_ACCESSIBLE,
            "the state folder "
                + path
                + " is open to others ("
                + PosixFilePermissions.toString(permissions)
                + "): chmod 700 it");
      }
      String type = Files.getFileStore(path).type().toLowerCase(Locale.ROOT);
      if (REMOTE.contains(type)) {
        throw new StoreUnusable(
            StoreUnusable.Why.NOT_LOCAL,
            "the state folder " + path + " lies on " + type + ": move it to a local disk");
      }
      return locked(path.toRealPath());
    } catch (IOException | UnsupportedOperationException e) {
      throw new StoreUnusable(
          StoreUnusable.Why.NOT_ACCESSIBLE,
          "the state folder "
              + path
              + " cannot be used ("
              + e
              + "): check that it exists, is a folder and belongs to the service's user");
    }
  }

  /** The lock is the kernel's, so that it goes with the process however that ends. */
  private static StateFolder locked(Path path) throws IOException, StoreUnusable {
    if (!HELD.add(path)) {
      throw inUse(path, Long.toString(ProcessHandle.current().pid()));
    }
    boolean held = false;
    try {
      var channel =
          FileChannel.open(
              path.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() == null) {
          throw inUse(path, holder(channel));
        }
        channel.truncate(0);
        channel.write(
            ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII)));
        held = true;
        return new StateFolder(path, channel);
      } finally {
        if (!held) {
          channel.close();
        }
      }
    } finally {
      if (!held) {
        HELD.remove(path);
      }
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate(20);
    channel.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), US_ASCII);
  }

  private static StoreUnusable inUse(Path path, String pid) {
    return new StoreUnusable(
        StoreUnusable.Why.IN_USE,
        "another appliance uses the state folder "
            + path
            + (pid.matches("[0-9]+") ? " (process " + pid + ")" : "")
            + ": stop it, or give this one a folder of its own");
  }

  Path database() {
    return path.resolve("state.db");
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot release the lock of " + path, e);
    } finally {
      HELD.remove(path);
    }
  }
}
