package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  private final Path directory;
  private final EmbeddedPostgres postgres;

  EmbeddedPostgresTest(@TempDir Path directory) {
    this.directory = directory;
    this.postgres = EmbeddedPostgres.in(directory);
  }

  @AfterEach
  void stop() {
    postgres.stop();
  }

  @Test
  void keepsDataPortAndPasswordOverARestart() throws Exception {
    PostgresUrl first = postgres.start();
    TestPostgres.execute(first, "CREATE TABLE kept AS SELECT 42 AS answer");
    assertEquals("on", value(first, "SHOW fsync"));
    assertEquals("on", value(first, "SHOW full_page_writes"));
    assertEquals("127.0.0.1", value(first, "SHOW listen_addresses"));

    postgres.stop();
    assertFalse(postgres.running());
    PostgresUrl second = postgres.start();

    assertEquals(first, second);
    assertEquals("42", value(second, "SELECT answer FROM kept"));
    Path password = directory.resolve("postgres/password");
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(password)));
    assertTrue(postgres.running());
  }

  private static String value(PostgresUrl url, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
