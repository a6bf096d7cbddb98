package io.sharekeep.enclave.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A view of one committed state. Only the row classes of this package look through it. */
public sealed class Reading permits Transaction {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  Reading(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value of the current row. */
  @FunctionalInterface
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** Looks at the current row. */
  @FunctionalInterface
  interface Visitor {
    void visit(ResultSet row) throws SQLException;
  }

  final <T> List<T> all(String sql, Row<T> row, @Nullable Object... arguments) {
    try (var rows = prepared(sql, arguments).executeQuery()) {
      var list = new ArrayList<T>();
      while (rows.next()) {
        list.add(row.of(rows));
      }
      return list;
    } catch (SQLException e) {
      throw broken(e);
    }
  }

  final <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... arguments) {
    try (var rows = prepared(sql, arguments).executeQuery()) {
      return rows.next() ? Optional.of(row.of(rows)) : Optional.empty();
    } catch (SQLException e) {
      throw broken(e);
    }
  }

  /** Hands every row to {@code visitor} without keeping any. */
  final void each(String sql, Visitor visitor, @Nullable Object... arguments) {
    try (var rows = prepared(sql, arguments).executeQuery()) {
      while (rows.next()) {
        visitor.visit(rows);
      }
    } catch (SQLException e) {
      throw broken(e);
    }
  }

  /** Statements are kept: text is few, and compiling one costs more than running it. */
  final PreparedStatement prepared(String sql, @Nullable Object... arguments) throws SQLException {
    var statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }

  /** Transactions are begun and ended in so many words, not by the driver. */
  final void execute(String sql) throws SQLException {
    prepared(sql).execute();
  }

  /** Runs a query whose every statement sees the same committed state. */
  <R> R snapshot(Function<Reading, R> query) {
    try {
      execute("begin");
      try {
        return query.apply(this);
      } finally {
        execute("rollback");
      }
    } catch (SQLException e) {
      throw broken(e);
    }
  }

  final Connection connection() {
    return connection;
  }

  static StoreBroken broken(SQLException e) {
    return new StoreBroken("the state store failed: " + e.getMessage(), e);
  }
}
