package io.selfheal.bench;

import io.selfheal.store.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The table that is swept, over a connection of the bench's own. */
final class PgSweepTable implements AutoCloseable {
  private final SweepShape shape;
  private final PostgresUrl url;
  private final Connection connection;

  PgSweepTable(SweepShape shape, PostgresUrl url, long rows, long stuck) throws SQLException {
    this.shape = shape;
    this.url = url;
    connection = connect();
    for (String statement : shape.schema()) {
      execute(statement);
    }
    execute(shape.fill().formatted(rows, stuck));
    settle();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password().reveal());
  }

  /** Milliseconds that a statement took. */
  double execute(String sql) throws SQLException {
    long begin = System.nanoTime();
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  /** Rows that a statement changed. */
  long update(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  /** Each measurement begins on a table without dead rows and a written-back cache. */
  void settle() throws SQLException {
    execute("VACUUM ANALYZE " + shape.name());
    execute("CHECKPOINT");
  }

  /** All that was rescued is stuck again. */
  void again() throws SQLException {
    execute(shape.again());
    settle();
  }

  long count(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** A snapshot that is held until it is closed. */
  Connection snapshot() throws SQLException {
    Connection old = connect();
    old.setAutoCommit(false);
    old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = old.createStatement()) {
      statement.execute("SELECT 1 FROM " + shape.name() + " LIMIT 1");
    }
    return old;
  }

  @Override
  public void close() throws SQLException {
    execute("DROP TABLE " + shape.name());
    connection.close();
  }
}
