package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.pgclient.PgException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgFailureTest {
  private static final TableName JOBS = new TableName("app", "jobs");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "57014 | '; the statement took too long: the rows are large, or a trigger of the table is slow; fewer at once are tried'",
        "55P03 | '; another session locks the table: see pg_stat_activity'",
        "23514 | '; the table does not allow the configured states'",
        "23502 | '; the table does not allow the configured states'",
        "23505 | '; the table lets only one such row be: the next sweep looks again'",
        "25006 | '; the server is a standby, or the role is read-only there'",
        "22P02 | '; check the configured states against the type of the state column'",
        "XX000 | ''"
      })
  void saysOperationTableCauseAndHint(String state, String hint) {
    assertEquals(
        "could not rescue jobs of app.jobs: no (SQLSTATE " + state + ")" + hint,
        PgFailure.explain("rescue jobs of", JOBS, new PgException("no", "ERROR", state, ""))
            .getMessage());
  }

  @Test
  void aLookThatTakesTooLongNeedsAnIndex() {
    assertEquals(
        "could not look for running jobs in app.jobs: no (SQLSTATE 57014); the statement took too"
            + " long: see the index advice of the source",
        PgFailure.explain(
                "look for running jobs in", JOBS, new PgException("no", "ERROR", "57014", ""))
            .getMessage());
  }

  @Test
  void saysWhatElseHappened() {
    assertEquals(
        "could not look for running jobs in app.jobs: closed",
        PgFailure.explain("look for running jobs in", JOBS, new IOException("closed"))
            .getMessage());
  }
}
