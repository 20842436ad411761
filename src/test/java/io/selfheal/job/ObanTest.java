package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Oban's table in a real PostgreSQL, whose time zone is not that of its times; the node here:7 is
 * dead, here:107 lives.
 */
class ObanTest {
  private static final String ALL =
      "SELECT coalesce(md5(string_agg(j::text, ',' ORDER BY id)), '') FROM oban_jobs j";
  private static final String NOW = "(now() AT TIME ZONE 'UTC')";
  private static final String OLD = "(now() AT TIME ZONE 'UTC') - interval '2 hours'";

  private static Rig rig(String... more) {
    Rig rig = new Rig().sql(LibrarySchemas.of("oban"));
    rig.sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'");
    return rig.deployWith("preset: oban", String.join("\n", more));
  }

  private static Rig executing(Rig rig, int id, String node, String since) {
    return rig.sql(
        """
        INSERT INTO oban_jobs (id, state, worker, attempt, attempted_at, attempted_by, errors)
        VALUES (%d, 'executing', 'Mailer', 2, %s, ARRAY['%s', gen_random_uuid()::text],
          ARRAY['{"error": "first"}'::jsonb])"""
            .formatted(id, since, node));
  }

  @Test
  void jobsOfADeadNodeAreAvailableAgainAndChangedInNothingElse() {
    try (Rig rig = rig()) {
      executing(rig, 1, "here:7", NOW);
      executing(rig, 2, "here:107", OLD);
      executing(rig, 3, "nonode@nohost", OLD);
      String others = rig.value(ALL + " WHERE id > 1");
      String rest = "SELECT to_jsonb(j) - 'state' FROM oban_jobs j WHERE id = 1";
      String before = rig.value(rest);
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
      assertTrue(
          Objects.requireNonNull(swept.jobs().getFirst().age()).compareTo(Duration.ofMinutes(1))
              < 0);
      assertEquals("available", rig.value("SELECT state FROM oban_jobs WHERE id = 1"));
      assertEquals(before, rig.value(rest));
      assertEquals(others, rig.value(ALL + " WHERE id > 1"));
      String after = rig.value(ALL);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(after, rig.value(ALL));
    }
  }

  @Test
  void aJobWithoutAttemptsLeftIsDiscardedNowInUtc() {
    try (Rig rig = rig()) {
      executing(rig, 1, "here:7", NOW).sql("UPDATE oban_jobs SET attempt = 20");
      assertEquals(1, rig.sweep().rescued());
      assertEquals(
          "discarded t 1",
          rig.value(
              """
              SELECT concat_ws(' ', state,
                abs(extract(epoch FROM discarded_at - (now() AT TIME ZONE 'UTC'))) < 60,
                cardinality(errors))
              FROM oban_jobs"""));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE oban_jobs SET state = 'completed' WHERE id = 1",
        "UPDATE oban_jobs SET attempt = 3, attempted_at = clock_timestamp() WHERE id = 1",
        "UPDATE oban_jobs SET attempted_by = ARRAY['here:7', 'another'] WHERE id = 1",
        "UPDATE oban_jobs SET max_attempts = 2 WHERE id = 1",
        "DELETE FROM oban_jobs WHERE id = 1"
      })
  void whatChangedSinceTheLookIsLeft(String change) {
    try (Rig rig = rig()) {
      executing(rig, 1, "here:7", OLD);
      rig.judge =
          question -> {
            rig.sql(change);
            return Future.succeededFuture(
                new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
          };
      assertEquals(0, rig.sweep().rescued());
      assertEquals("0", rig.value("SELECT count(*) FROM oban_jobs WHERE state = 'available'"));
    }
  }

  @Test
  void aJobThatAnotherHasLockedIsSkipped() throws SQLException {
    try (Rig rig = rig();
        Connection node = TestPostgres.connect(rig.url);
        Statement statement = node.createStatement()) {
      executing(rig, 1, "here:7", OLD);
      executing(rig, 2, "here:7", OLD);
      node.setAutoCommit(false);
      statement.execute("SELECT FROM oban_jobs WHERE id = 1 FOR UPDATE");
      assertEquals(1, rig.sweep().rescued());
      assertEquals("2", rig.value("SELECT id FROM oban_jobs WHERE state = 'available'"));
      node.rollback();
      assertEquals(1, rig.sweep().rescued());
    }
  }

  @Test
  void ageAloneActsOnlyWhenTheOperatorSaysSoAndOddTimesNever() {
    try (Rig rig = rig()) {
      executing(rig, 1, "nonode@nohost", OLD);
      assertEquals(0, rig.sweep().rescued());
    }
    try (Rig rig = rig("act_on_unknown: true", "stuck_after: 1h", "batch: 2")) {
      executing(rig, 1, "nonode@nohost", OLD);
      executing(rig, 3, "x", "NULL");
      executing(rig, 4, "x", "'infinity'");
      assertEquals(0, rig.sweep().rescued(), "the node's clock alone says that it is old");
      rig.pass(Duration.ofHours(1));
      executing(rig, 2, "nonode@nohost", NOW);
      executing(rig, 5, "x", NOW + " + interval '9 years'");
      executing(rig, 6, "x", "NULL").sql("UPDATE oban_jobs SET attempted_by = NULL WHERE id = 6");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(List.of("1"), rig.column("SELECT id FROM oban_jobs WHERE state = 'available'"));
    }
  }

  @Test
  void countsAndAdvisesAnIndexThatThenServes() {
    try (Rig rig = rig()) {
      executing(rig, 1, "here:107", OLD).count();
      assertEquals(1, rig.source().counts().get("executing"));
      rig.sql(
              """
              INSERT INTO oban_jobs (id, state, worker, scheduled_at) VALUES
                (11, 'available', 'Mail', now() AT TIME ZONE 'UTC' - interval '1 hour'),
                (12, 'scheduled', 'Mail', now() AT TIME ZONE 'UTC' + interval '1 hour')""")
          .count();
      assertEquals("1 since a time", rig.ready());
      rig.sql(Objects.requireNonNull(rig.source().advice())).count();
      assertNull(rig.source().advice());
    }
  }

  @Test
  void anotherVersionsTableSaysWhatDiffers() {
    try (Rig rig = rig()) {
      rig.sql("ALTER TABLE oban_jobs RENAME attempted_by TO node");
      String problem = String.valueOf(rig.tick().tick().source().problem());
      assertTrue(problem.contains("public.oban_jobs has no column attempted_by"), problem);
    }
  }
}
