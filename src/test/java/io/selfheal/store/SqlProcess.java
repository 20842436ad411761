package io.selfheal.store;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A process with one connection to a database. Arguments: the URL for JDBC, then statements, where
 * {@code $PID} is its own pid. After each it prints a line; after the last it stays until its input
 * ends.
 */
public final class SqlProcess {
  private SqlProcess() {}

  /** How to start it, calling itself {@code application} to the database. */
  public static List<String> command(PostgresUrl url, String application, String... statements) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"));
    command.addAll(List.of("-cp", classPath(), SqlProcess.class.getName()));
    command.add(login(url, application));
    command.addAll(List.of(statements));
    return command;
  }

  /** The URL for JDBC of who calls itself {@code application}, with its password. */
  public static String login(PostgresUrl url, String application) {
    String jdbc = url.jdbcUrl();
    return jdbc
        + (jdbc.contains("?") ? "&" : "?")
        + "ApplicationName="
        + application
        + "&user="
        + URLEncoder.encode(url.user(), StandardCharsets.UTF_8)
        + "&password="
        + URLEncoder.encode(url.password().reveal(), StandardCharsets.UTF_8);
  }

  /** The class path of these tests, with absolute parts. */
  public static String classPath() {
    return String.join(
        File.pathSeparator,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(part -> Path.of(part).toAbsolutePath().toString())
            .toList());
  }

  /** The process itself. */
  public static void main(String[] arguments) throws SQLException, IOException {
    String pid = Long.toString(ProcessHandle.current().pid());
    try (Connection connection = DriverManager.getConnection(arguments[0]);
        Statement statement = connection.createStatement()) {
      for (int i = 1; i < arguments.length; i++) {
        statement.execute(arguments[i].replace("$PID", pid));
        System.out.println("done " + i);
      }
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      while (input.readLine() != null) {}
    }
  }
}
