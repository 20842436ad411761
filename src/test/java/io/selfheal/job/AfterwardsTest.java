package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AfterwardsTest {
  private static final TableLayout JOBS =
      new TableLayout(
          new TableName("app", "jobs"),
          new TableLayout.Columns("id", "state", null, null, "tries", null, null),
          new TableLayout.States("ready", List.of("running"), "failed", "dead"));

  private static Judgement judgement(String id, Effect effect, Cause cause) {
    Candidate job =
        new Candidate(id, "here:1", null, null, 3L, "claim", null, null, null, null, null);
    return new Judgement(job, Verdict.of(Ruling.DEAD, "gone"), effect, cause, "its holder is gone");
  }

  @ParameterizedTest
  @CsvSource({"FAIL, failed", "DEAD_LETTER, dead"})
  void aMappedTablesJobComesBackWithAStatementToCopy(Effect effect, String state) {
    Judgement told = Afterwards.told(JOBS, judgement("it's", effect, Cause.POISON));
    assertEquals(
        "its holder is gone; it is then "
            + state
            + " in app.jobs; UPDATE \"app\".\"jobs\" SET \"state\" = 'ready', \"tries\" = 0"
            + " WHERE \"id\" = 'it''s' brings it back",
        told.reason());
    assertEquals(told, Afterwards.told(JOBS, told), "said once");
    Judgement odd = Afterwards.told(JOBS, judgement("a\nb", effect, Cause.HOLDER_DEAD));
    assertTrue(odd.reason().endsWith("\"id\" = ID brings it back"), odd.reason());
  }

  @Test
  void whatIsTriedAgainOrLeftForAnotherReasonIsAsItWas() {
    Judgement again = judgement("1", Effect.REQUEUE, Cause.HOLDER_DEAD);
    assertSame(again, Afterwards.told(JOBS, again));
    Judgement left = judgement("1", Effect.LEAVE, Cause.HINDERED);
    assertSame(left, Afterwards.told(JOBS, left));
  }

  /** Where a library lets no job fail from outside, what it does by itself is said. */
  @Test
  void librariesSayWhereTheirJobsAre() {
    assertSaid(
        new GraphileWorkerPreset.Tables("graphile_worker"),
        Effect.FAIL,
        "SELECT \"graphile_worker\".reschedule_jobs(ARRAY[7], attempts => 0) brings it back");
    assertSaid(
        new ObanPreset.Table(new TableName("public", "oban_jobs")),
        Effect.FAIL,
        "discarded in public.oban_jobs, until Oban prunes such jobs; Oban.retry_job(7)");
    assertSaid(
        new RiverPreset.Table(new TableName("public", "river_job")), Effect.FAIL, "JobRetry");
    assertSaid(new ProcrastinatePreset.Tables("public"), Effect.FAIL, "retry 7 in procrastinate");
    BossPreset.Tables boss = new BossPreset.Tables("pgboss", List.of());
    assertSaid(boss, Effect.DEAD_LETTER, "its queue's dead letter queue has a copy; retry(");
    assertSaid(boss, Effect.FAIL, "its queue has no dead letter queue; retry(queue, id)");
    assertSaid(new SolidQueuePreset.Tables("public"), Effect.LEAVE, "SolidQueue::Job.find(7)");
    assertSaid(
        new SolidQueuePreset.Tables("public"),
        Effect.FAIL,
        "it is then in public.solid_queue_failed_executions, and SolidQueue::Job.find(7).retry");
    assertSaid(new GoodJobPreset.Tables("public"), Effect.LEAVE, "GoodJob itself");
    assertSaid(
        new GoodJobPreset.Tables("public"),
        Effect.FAIL,
        "it is then discarded in public.good_jobs, until GoodJob deletes such jobs; Retry on its"
            + " dashboard or GoodJob::Job.find('7').retry_job");
  }

  private static void assertSaid(Layout layout, Effect effect, String words) {
    String reason = Afterwards.told(layout, judgement("7", effect, Cause.POISON)).reason();
    assertTrue(reason.contains(words), reason);
  }
}
