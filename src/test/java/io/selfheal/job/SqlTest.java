package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SqlTest {
  @Test
  void quotesNames() {
    assertEquals("\"Jobs\"", Sql.name("Jobs"));
    assertEquals("\"a\"\"; DROP TABLE x; --\"", Sql.name("a\"; DROP TABLE x; --"));
    assertThrows(IllegalArgumentException.class, () -> Sql.name(""));
    assertFalse(Sql.isName("x".repeat(64)));
    assertTrue(Sql.isName("x".repeat(63)));
    assertFalse(Sql.isName("a\0b"));
  }

  @Test
  void quotesTexts() {
    assertEquals("'it''s'", Sql.text("it's"));
    assertEquals("E'a\\\\''b'", Sql.text("a\\'b"));
    assertThrows(IllegalArgumentException.class, () -> Sql.text("a\0"));
  }

  @Test
  void readsTableNames() {
    assertEquals(Optional.of(new TableName("public", "jobs")), TableName.parse("jobs"));
    assertEquals(Optional.of(new TableName("app", "Jobs")), TableName.parse("app.Jobs"));
    assertTrue(TableName.parse("a.b.c").isEmpty());
    assertTrue(TableName.parse("a.").isEmpty());
    assertTrue(TableName.parse("").isEmpty());
  }
}
