package io.sharekeep.enclave.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One caller's changes: all of them become durable, or none. Dead once the work has returned. */
public final class Transaction extends Reading {
  private static final int SQLITE_CONSTRAINT = 19;

  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final List<Runnable> durable = new ArrayList<>();
  private long number;
  private boolean alive;
  private @Nullable StoreBroken failure;

  Transaction(Connection connection) {
    super(connection);
  }

  /** The number of the commit that these changes will be part of. */
  public long commitNumber() {
    checkAlive();
    return number;
  }

  /** Runs on the writer thread once the changes are on disk, before the caller is answered. */
  public void onDurable(Runnable action) {
    checkAlive();
    durable.add(action);
  }

  /** Runs on the writer thread, last one first, if these changes are undone. */
  public void onUndo(Runnable action) {
    checkAlive();
    undo.push(action);
  }

  /** Rows changed. */
  int update(String sql, @Nullable Object... arguments) {
    checkAlive();
    try {
      return prepared(sql, arguments).executeUpdate();
    } catch (SQLException e) {
      if ((e.getErrorCode() & 0xff) == SQLITE_CONSTRAINT) {
        throw new IllegalStateException("a row breaks a constraint: " + e.getMessage(), e);
      }
      failure = broken(e);
      throw failure;
    }
  }

  /** Work that swallowed a failure of the disk must not be committed. */
  void checkWhole() {
    if (failure != null) {
      throw failure;
    }
  }

  void begin(long commitNumber) {
    number = commitNumber;
    alive = true;
  }

  /** Ends this caller's work and gives what is to run once it is durable. */
  List<Runnable> end() {
    alive = false;
    undo.clear();
    var actions = List.copyOf(durable);
    durable.clear();
    return actions;
  }

  void undo() {
    alive = false;
    durable.clear();
    while (!undo.isEmpty()) {
      undo.pop().run();
    }
  }

  private void checkAlive() {
    if (!alive) {
      throw new IllegalStateException("this transaction is over");
    }
  }
}
