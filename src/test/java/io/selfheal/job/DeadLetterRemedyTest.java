package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.DeadLetterEvent;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.remedy.OneRung;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The remedy {@code dead_letter_job} on a real table: here:7 is dead, here:107 lives. */
class DeadLetterRemedyTest {
  private static Act act() throws BadConfiguration {
    return OneRung.act("dead_letter_job", "{}");
  }

  private static Task task(Rig rig, String subject) {
    return OneRung.task("job_stuck", subject, rig.time(), rig.bus);
  }

  @Test
  void oneJobIsPutAsideOnceAndTheOthersAreLeft() throws Exception {
    try (Rig rig = new Rig().table().migrate().running(3, "now()", "here:7").deploy()) {
      String before = rig.fingerprint();
      Performed rehearsed = act().rehearse(task(rig, "job/images/2"));
      assertEquals(Outcome.DONE, rehearsed.outcome(), rehearsed.detail());
      assertEquals(before, rig.fingerprint());
      assertEquals("0", rig.value("SELECT count(*) FROM selfheal.dead_letters"));

      Performed done = act().perform(task(rig, "job/images/2"));
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertEquals(
          List.of("running", "failed", "running"),
          rig.column("SELECT state FROM jobs ORDER BY id"));
      assertEquals(
          List.of("2 added"),
          rig.column("SELECT job_id || ' ' || state FROM selfheal.dead_letters"));
      rig.settle();
      assertEquals("2", rig.events(DeadLetterEvent.Added.class).getFirst().letter().jobId());

      String after = rig.fingerprint();
      Performed again = act().finish(task(rig, "job/images/2"));
      assertEquals(Outcome.ALREADY_DONE, again.outcome(), again.detail());
      assertEquals(after, rig.fingerprint());
    }
  }

  @Test
  void aJobThatRunsOrIsNotThereOrIsNoneIsRefused() throws Exception {
    try (Rig rig =
        new Rig()
            .table()
            .migrate()
            .running(1, "now()", "here:107")
            .running(1, "now() - interval '2 hours'", "elsewhere:900")
            .deploy()) {
      String before = rig.fingerprint();
      for (String subject : List.of("job/images/1", "job/images/2", "job/images/99", "host")) {
        Performed performed = act().perform(task(rig, subject));
        assertEquals(Outcome.REFUSED, performed.outcome(), subject + ": " + performed.detail());
      }
      assertEquals(before, rig.fingerprint());
    }
  }

  @Test
  void aLibraryWithoutAPlaceForItIsRefused() throws Exception {
    try (Rig rig = new Rig().sql(LibrarySchemas.of("db-scheduler")).migrate()) {
      rig.sql(
          "INSERT INTO scheduled_tasks VALUES ('t', '1', NULL, now(), true, 'here:7', NULL, NULL, 0,"
              + " now(), 1)");
      rig.deployWith("preset: db-scheduler", "holder: {format: \"{host}:{pid}\"}");
      Performed performed = act().perform(task(rig, "job/images/[\"t\", \"1\"]"));
      assertEquals(Outcome.REFUSED, performed.outcome(), performed.detail());
      assertTrue(performed.detail().contains("no place for such jobs"), performed.detail());
    }
  }

  @Test
  void whereThePlaceForItIsMissingItIsRefusedWithWhatIsMissing() throws Exception {
    try (Rig rig = new Rig().sql(LibrarySchemas.of("solid_queue")).migrate()) {
      rig.sql("DROP TABLE solid_queue_failed_executions")
          .sql(
              """
              INSERT INTO solid_queue_processes (id, kind, last_heartbeat_at, pid, hostname,
                created_at, name) VALUES (1, 'Worker', now(), 7, 'here', now(), 'w')""")
          .sql(
              """
              INSERT INTO solid_queue_jobs (id, queue_name, class_name, created_at, updated_at)
              VALUES (5, 'default', 'Mail', now(), now())""")
          .sql(
              """
              INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at)
              VALUES (5, 1, now())""");
      rig.deployWith("preset: solid-queue");
      Performed performed = act().perform(task(rig, "job/images/5"));
      assertEquals(Outcome.REFUSED, performed.outcome(), performed.detail());
      String missing = "for the table public.solid_queue_failed_executions does not exist";
      assertTrue(performed.detail().contains(missing), performed.detail());
    }
  }
}
