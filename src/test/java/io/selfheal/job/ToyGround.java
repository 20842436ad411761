package io.selfheal.job;

import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A database with the tables of one library and of the agents, which many worlds use one after the
 * other: to make it takes longer than all that happens in one of them.
 */
final class ToyGround implements AutoCloseable {
  private static @Nullable ToyGround present;

  final ToyLibrary library;

  /** An agent whose wire can be cut. */
  final Rig first;

  /** An agent beside it. */
  final Rig second;

  final ToyWire wire;
  final Connection connection;

  /** The library's, for what it does by itself. */
  final Connection own;

  private final PostgresUrl url;
  private final Deque<Connection> idle = new ArrayDeque<>();

  private ToyGround(ToyLibrary library) throws SQLException {
    this.library = library;
    second = new Rig();
    url = second.url;
    // Before the agents' own schema is there: it has the user's name, and would be the default.
    library.make(second);
    second.migrate();
    try {
      wire = new ToyWire(url);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    first = new Rig(wire.url());
    connection = TestPostgres.connect(url);
    own = TestPostgres.connect(url);
  }

  /** The one of that library, empty; those of others are closed. */
  static ToyGround of(ToyLibrary library) throws SQLException {
    ToyGround ground = present;
    if (ground == null || !ground.library.name().equals(library.name())) {
      end();
      ground = new ToyGround(library);
      present = ground;
    }
    ground.execute(library.empty());
    ground.execute("TRUNCATE selfheal.deaths, selfheal.dead_letters");
    ground.first.events.clear();
    ground.second.events.clear();
    return ground;
  }

  /** Closes what is open. */
  static void end() throws SQLException {
    ToyGround ground = present;
    present = null;
    if (ground != null) {
      ground.close();
    }
  }

  /** A connection for a process. */
  Connection borrow() throws SQLException {
    return idle.isEmpty() ? TestPostgres.connect(url) : idle.pop();
  }

  /** The process has ended. */
  void giveBack(Connection borrowed) {
    idle.push(borrowed);
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Adds a job; answers its id. */
  String add(int attempts) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(library.add())) {
      statement.setInt(1, attempts);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  Map<String, ToyLibrary.Fate> fates() throws SQLException {
    Map<String, ToyLibrary.Fate> fates = new HashMap<>();
    for (List<String> row : rows(library.fates())) {
      fates.put(row.getFirst(), ToyLibrary.Fate.valueOf(row.getLast().toUpperCase(Locale.ROOT)));
    }
    return fates;
  }

  /** All rows, as texts. */
  List<List<String>> rows(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  @Override
  public void close() throws SQLException {
    first.close();
    second.close();
    connection.close();
    own.close();
    for (Connection one : idle) {
      one.close();
    }
    try {
      wire.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
