package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict.Ruling;
import java.time.Duration;
import java.util.List;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * JobRunr's own tables in a real PostgreSQL, made by the library; here:7 is dead, here:107 lives.
 */
class JobRunrTest {
  private static final String UTC = "(now() AT TIME ZONE 'UTC')";

  private static Rig rig(String... more) {
    Rig rig = new Rig();
    rig.sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'");
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(rig.url.jdbcUrl());
    database.setUser(rig.url.user());
    database.setPassword(rig.url.password().reveal());
    SqlStorageProviderFactory.using(database).close();
    return rig.deployWith("preset: jobrunr", String.join("\n", more));
  }

  /** A job that is processed by a server, in the words of the library. */
  private static void processing(Rig rig, int id, String server, int silence) {
    String text =
        """
        {"version": 3, "labels": [], "jobHistory": [
          {"@class": "ScheduledState", "state": "ENQUEUED", "serverName": "here:7"},
          {"@class": "ProcessingState", "state": "PROCESSING", "serverName": "%s",
           "serverId": "server-%s", "createdAt": "2026-01-01T00:00:00.123456Z"}],
         "metadata": {"serverName": "here:7", "zero": "\\u0000"}}"""
            .formatted(server, server);
    row(rig, id, "PROCESSING", text, silence);
  }

  private static void row(Rig rig, int id, String state, String text, int silence) {
    rig.sql(
        """
        INSERT INTO jobrunr_jobs
          (id, version, jobasjson, jobsignature, state, createdat, updatedat)
        VALUES ('%1$s', 3, '%2$s', 'x', '%3$s', %4$s, %4$s - interval '%5$d seconds')"""
            .formatted(id(id), text, state, UTC, silence));
  }

  private static String id(int id) {
    return "00000000-0000-0000-0000-%012d".formatted(id);
  }

  private static void server(Rig rig, String name, int every, int silence) {
    rig.sql(
        """
        INSERT INTO jobrunr_backgroundjobservers
        VALUES ('server-%1$s', 1, %2$d, %3$s, %3$s - interval '%4$d seconds', 1, 1, 1, 0, 1, 1, 1, 0,
          '', '', '%1$s')"""
            .formatted(name, every, UTC, silence));
  }

  @ParameterizedTest
  @CsvSource({"30, 0", "61, 1", "3600, 1", "-3600, 0"})
  void orphanedIsWhatTheLibraryCallsSo(int silence, int orphans) {
    try (Rig rig = rig()) {
      processing(rig, 1, "elsewhere", silence);
      row(rig, 2, "SUCCEEDED", "{}", 9999);
      List<String> before = Workers.fingerprints(rig, "jobrunr%");
      assertEquals(
          orphans,
          rig.tick().stuck(10).jobs().stream()
              .filter(job -> job.reason().startsWith("the library counts it as orphaned"))
              .count());
      assertEquals(0, rig.sweep().rescued());
      assertEquals(before, Workers.fingerprints(rig, "jobrunr%"));
      assertNull(rig.source().problem());
      assertNull(rig.source().advice());
      assertNull(rig.source().held(), "it would rescue nothing");
      assertTrue(rig.source().onlyLookedAt());
    }
  }

  @Test
  void theServersOwnIntervalCounts() {
    try (Rig rig = rig()) {
      server(rig, "here:7", 5, 21);
      server(rig, "here:107", 5, 0);
      processing(rig, 1, "here:7", 21);
      processing(rig, 2, "here:107", 0);
      processing(rig, 3, "here:107", 21);
      // When the agent looked last they did not run yet.
      rig.pass(Duration.ofHours(1));
      List<StuckJob> jobs = rig.stuck(10).jobs();
      assertEquals(
          List.of("its holder is gone", "slow but alive", "its holder lives, yet the library"),
          List.of(
              start(jobs, 0, "its holder is gone"),
              start(jobs, 1, "slow but alive"),
              start(jobs, 2, "its holder lives, yet the library")));
      assertEquals(
          "JobRunr counts a job as orphaned after 20 s without a heartbeat; this one gave its last"
              + " N s ago; its server server-here:7 gave its last heartbeat N s ago; of other"
              + " servers, 1 give heartbeats",
          jobs.getFirst().verdict().evidence().getLast().replaceAll("[0-9]+ s ago", "N s ago"));
    }
  }

  private static String start(List<StuckJob> jobs, int index, String wanted) {
    String reason = jobs.get(index).reason();
    return reason.startsWith(wanted) ? wanted : reason;
  }

  @Test
  void manyAreReadBatchByBatch() {
    try (Rig rig = rig("batch: 2")) {
      for (int i = 1; i <= 5; i++) {
        processing(rig, i, "here:7", 1);
      }
      assertEquals(5, rig.sweep().looked());
      assertEquals(5, rig.stuck(10).jobs().size());
    }
  }

  /** A job without a history, or with a big one, is a job all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"jobHistory\": []}", "{\"jobHistory\": 1}", "big"})
  void oddTextsAreNoReasonToStop(String text) {
    try (Rig rig = rig()) {
      row(rig, 1, "PROCESSING", text.equals("big") ? "{}" : text, 61);
      if (text.equals("big")) {
        rig.sql("UPDATE jobrunr_jobs SET jobasjson = '[\"' || repeat('x', 10000000) || '\"]'");
      }
      StuckJob job = rig.stuck(10).jobs().getFirst();
      assertNull(job.holder());
      assertNull(job.age());
      assertEquals(Ruling.UNKNOWN, job.verdict().ruling());
    }
  }

  @Test
  void whatIsMissingIsSaid() {
    try (Rig rig = new Rig().deployWith("preset: jobrunr", "prefix: App_")) {
      rig.tick();
      String problem = String.valueOf(rig.source().problem());
      assertTrue(problem.contains("the table public.app_jobrunr_jobs does not exist"), problem);
    }
    try (Rig rig = rig()) {
      rig.sql("ALTER TABLE jobrunr_jobs RENAME COLUMN jobasjson TO job").count();
      String problem = String.valueOf(rig.source().problem());
      assertTrue(problem.contains("public.jobrunr_jobs has no column jobasjson; it"), problem);
    }
  }
}
