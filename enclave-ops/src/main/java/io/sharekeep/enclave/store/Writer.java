package io.sharekeep.enclave.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. It takes whatever is queued into one transaction, each caller's work
 * in a savepoint of its own, syncs once, and then answers them all.
 */
final class Writer {
  /** Bounds how long the first of a group waits for the last. */
  private static final int GROUP = 64;

  private final Connection connection;
  private final Transaction transaction;
  private final BlockingQueue<Job<?>> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile @Nullable StoreBroken broken;
  private volatile boolean closing;
  private volatile long commits;

  private Writer(Connection connection, long commits) {
    this.connection = connection;
    this.transaction = new Transaction(connection);
    this.commits = commits;
    this.thread = new Thread(this::run, "store-writer");
  }

  static Writer start(Connection connection) throws SQLException {
    long commits;
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("select value from serial where name = 'commit'")) {
      commits = rows.next() ? rows.getLong(1) : 0;
    }
    var writer = new Writer(connection, commits);
    writer.thread.setDaemon(true);
    writer.thread.start();
    return writer;
  }

  /** One caller's work on its way. */
  private static final class Job<R> {
    private final Function<Transaction, R> work;
    private final CompletableFuture<R> answer = new CompletableFuture<>();
    private @Nullable Runnable onDurable;

    Job(Function<Transaction, R> work) {
      this.work = work;
    }

    void run(Transaction transaction) {
      R result = work.apply(transaction);
      var actions = transaction.end();
      onDurable =
          () -> {
            actions.forEach(Runnable::run);
            answer.complete(result);
          };
    }

    void durable() {
      var action = onDurable;
      if (action != null) {
        action.run();
      }
    }

    void fail(Throwable why) {
      answer.completeExceptionally(why);
    }
  }

  <R> R commit(Function<Transaction, R> work) {
    if (Thread.currentThread().equals(thread)) {
      throw new IllegalStateException("a commit inside a commit");
    }
    var job = new Job<>(work);
    synchronized (this) {
      checkWhole();
      if (closing) {
        throw new IllegalStateException("the store is closed");
      }
      queue.add(job);
    }
    try {
      // Not interruptible: who stops waiting would not know whether it happened.
      return job.answer.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  void checkWhole() {
    var failure = broken;
    if (failure != null) {
      throw new StoreBroken(String.valueOf(failure.getMessage()), failure);
    }
  }

  long commits() {
    return commits;
  }

  private void run() {
    var group = new ArrayList<Job<?>>();
    while (!(closing && queue.isEmpty())) {
      try {
        group.add(queue.take());
      } catch (InterruptedException e) {
        // Only close() interrupts, after the last job was queued: the loop's condition decides.
        continue;
      }
      queue.drainTo(group, GROUP - 1);
      try {
        commit(group);
      } catch (SQLException | RuntimeException | Error e) {
        stop(group, e);
        return;
      }
      group.clear();
    }
  }

  private void commit(List<Job<?>> group) throws SQLException {
    long number = commits + 1;
    transaction.execute("begin immediate");
    var standing = new ArrayList<Job<?>>();
    for (var job : group) {
      if (attempt(job, number)) {
        standing.add(job);
      }
    }
    if (standing.isEmpty()) {
      transaction.execute("rollback");
      return;
    }
    transaction.begin(number);
    transaction.update(
        "insert into serial (tenant, name, value) values ('', 'commit', ?)"
            + " on conflict do update set value = excluded.value",
        number);
    transaction.end();
    transaction.execute("commit");
    // Committed: what the group decided is on disk; a crash from here on loses only the answers.
    commits = number;
    standing.forEach(Job::durable);
  }

  /** A failing disk breaks the store; any other exception of the work undoes that work alone. */
  private boolean attempt(Job<?> job, long number) throws SQLException {
    transaction.execute("savepoint work");
    transaction.begin(number);
    try {
      job.run(transaction);
      transaction.checkWhole();
      transaction.execute("release work");
      return true;
    } catch (StoreBroken e) {
      transaction.undo();
      throw e;
    } catch (RuntimeException | Error e) {
      transaction.undo();
      transaction.execute("rollback to work");
      transaction.execute("release work");
      job.fail(e);
      return false;
    }
  }

  private void stop(List<Job<?>> group, Throwable cause) {
    var failure =
        cause instanceof StoreBroken known
            ? known
            : new StoreBroken("the state store failed: " + cause.getMessage(), cause);
    synchronized (this) {
      broken = failure;
      queue.drainTo(group);
    }
    group.forEach(job -> job.fail(failure));
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  void close() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    thread.interrupt();
    try {
      thread.join();
      if (broken == null) {
        connection.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      throw Reading.broken(e);
    }
  }
}
