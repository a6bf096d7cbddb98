package io.sharekeep.enclave.store;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * The state of one appliance. Every conforming store runs the same tests; today there is one, on
 * SQLite.
 */
public interface Store extends AutoCloseable {
  /**
   * Opens, checks and migrates the store in a state folder, which it locks against every other
   * process and itself.
   *
   * @param folder made with mode 0700 if absent; on a local file system
   * @throws StoreUnusable with what to do
   */
  static Store open(Path folder) throws StoreUnusable {
    return SqliteStore.open(folder);
  }

  /**
   * Runs {@code work} and answers when its changes are on disk. Several callers share one
   * transaction and one sync, but each call's changes stand or fall alone: when {@code work}
   * throws, they are undone and the exception is rethrown here.
   *
   * <p>{@code work} runs on the store's one writer thread: it must not wait for anything, call the
   * HSM, or commit.
   *
   * @throws StoreBroken when the disk fails or is full; from then on every call throws it
   */
  <R> R commit(Function<Transaction, R> work);

  /**
   * Runs a query on the last committed state.
   *
   * @throws StoreBroken as above
   */
  <R> R read(Function<Reading, R> query);

  /**
   * 16 random bytes made with the state folder. A restore makes new ones, so that sealed rows of an
   * older incarnation do not open.
   */
  byte[] incarnation();

  /** Number of the last commit that is on disk. */
  long commits();

  /** Nanoseconds that callers of {@link #commit} have waited in all, and how many they were. */
  CommitTimes times();

  /**
   * @param nanoseconds summed over {@code commits}
   */
  record CommitTimes(long commits, long nanoseconds) {}

  /** Finishes what is queued and closes. A second call does nothing. */
  @Override
  void close();
}
