package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.Secret;
import io.vertx.pgclient.SslMode;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresUrlTest {
  @Test
  void readsEveryPart() {
    PostgresUrl url =
        PostgresUrl.parse(
            "postgresql://j%40ne:p%2Fw%20+@db.example:6543/jobs?sslmode=require&search_path=a,b");

    assertEquals(
        new PostgresUrl(
            "db.example",
            6543,
            "jobs",
            "j@ne",
            new Secret("p/w +"),
            SslMode.REQUIRE,
            Map.of("search_path", "a,b")),
        url);
  }

  @Test
  void hasTheDefaultsOfLibpq() {
    PostgresUrl url = PostgresUrl.parse("postgres://me@db");

    assertEquals(5432, url.port());
    assertEquals("me", url.database());
    assertEquals("", url.password().reveal());
    assertEquals(SslMode.PREFER, url.sslMode());
  }

  @Test
  void neverShowsThePassword() {
    PostgresUrl url = PostgresUrl.parse("postgresql://me:hush@[::1]:1/x");

    assertEquals("postgresql://me:***@[::1]:1/x", url.toString());
    assertEquals("jdbc:postgresql://[::1]:1/x?sslmode=prefer", url.jdbcUrl());
    assertFalse(url.jdbcUrl().contains("hush"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mysql://me:hush@db/x                    | is not a PostgreSQL URL
          hush                                    | is not a PostgreSQL URL
          postgresql://me:hu/sh@db/x              | names no user
          postgresql://db/x                       | names no user
          postgresql://me:hush@/x                 | host and port cannot be read
          postgresql://me:hush@a,b/x              | host and port cannot be read
          postgresql://me:hush@db:0/x             | port is 0
          postgresql://me:hush@db:70000/x         | port is 70000
          postgresql://me:hush%@db/x              | password has a %
          postgresql://me:hush%00@db/x            | zero byte
          postgresql://me:hush@db/x?sslmode=often | sslmode is not known
          postgresql://me:hush@db/x?schema=hush   | parameter that the agent does not know
          """)
  void saysWhatIsWrongWithoutThePassword(String text, String cause) {
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> PostgresUrl.parse(text));

    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(cause), message);
    assertFalse(message.contains("hush"), message);
  }

  @Property
  void comesBackFromItsText(
      @ForAll @StringLength(min = 1, max = 20) @CharRange(from = ' ', to = 'ÿ') String user,
      @ForAll @StringLength(max = 40) @CharRange(from = '\u0001', to = '\u4fff') String password,
      @ForAll @StringLength(min = 1, max = 20) @CharRange(from = '!', to = '~') String database) {
    PostgresUrl url =
        new PostgresUrl("db", 1, database, user, new Secret(password), SslMode.DISABLE, Map.of());

    assertEquals(url, PostgresUrl.parse(url.reveal()));
  }
}
