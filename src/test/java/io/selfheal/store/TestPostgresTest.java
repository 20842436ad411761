package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class TestPostgresTest {
  @Test
  void givesEachTestItsOwnDatabase() {
    PostgresUrl one = TestPostgres.freshDatabase();
    PostgresUrl other = TestPostgres.freshDatabase();

    assertNotEquals(one, other);
    TestPostgres.execute(one, "CREATE TABLE same (id int)");
    TestPostgres.execute(other, "CREATE TABLE same (id int)");
  }
}
