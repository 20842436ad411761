package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.message.JobEvent;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.remedy.OneRung;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The remedy {@code requeue_jobs} on a real table: here:7 is dead, here:107 lives. */
class RequeueRemedyTest {
  private static final String NOW = "now()";

  private static Act act(String with) throws BadConfiguration {
    return OneRung.act("requeue_jobs", with);
  }

  private static Task task(Rig rig, String subject) {
    return OneRung.task("job_stuck", subject, rig.time(), rig.bus);
  }

  @ParameterizedTest
  @ValueSource(strings = {"source/images", "job/images/1", "worker/images.1", "worker/images@42"})
  void stuckJobsOfTheSubjectAreQueuedAgainOnce(String subject) throws Exception {
    try (Rig rig = new Rig().table().running(3, NOW, "here:7").running(2, NOW, "here:107")) {
      rig.deploy("holder: {worker: images}");
      String before = rig.fingerprint();
      Performed rehearsed = act("{}").rehearse(task(rig, subject));
      assertEquals(Outcome.DONE, rehearsed.outcome(), rehearsed.detail());
      assertEquals("would rescue 3 jobs of 5 running ones", rehearsed.detail());
      assertEquals(before, rig.fingerprint());

      Performed done = act("{}").perform(task(rig, subject));
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertEquals("rescued 3 jobs of 5 running ones", done.detail());
      assertEquals("3", rig.value("SELECT count(*) FROM jobs WHERE state = 'ready'"));
      assertTrue(done.output().getFirst().startsWith("images/1 requeue: "), "" + done.output());
      rig.settle();
      assertEquals(
          List.of("incident-7"),
          rig.events(JobEvent.Rescued.class).stream()
              .map(JobEvent.Rescued::incidentId)
              .distinct()
              .toList());

      String after = rig.fingerprint();
      Performed again = act("{}").finish(task(rig, subject));
      assertEquals(Outcome.ALREADY_DONE, again.outcome(), again.detail());
      assertEquals(after, rig.fingerprint());
    }
  }

  @Test
  void aSourceThatCannotBeSweptIsAFailure() throws Exception {
    try (Rig rig = new Rig().table().deploy()) {
      rig.sql("ALTER TABLE jobs RENAME TO others");
      Performed performed = act("source: images").perform(task(rig, "host"));
      assertEquals(Outcome.FAILED, performed.outcome());
      assertTrue(performed.detail().contains("not wholly swept"), performed.detail());
    }
  }

  @Test
  void jobsWhoseRowsAreLockedAreTriedAgain() throws Exception {
    try (Rig rig = new Rig().table().running(2, NOW, "here:7").deploy();
        Sessions sessions = new Sessions(rig.url)) {
      sessions.idle("psql", "SELECT FROM jobs WHERE id = 1 FOR UPDATE");
      Performed performed = act("source: images").perform(task(rig, "host"));
      assertEquals(Outcome.DEFERRED, performed.outcome());
      assertTrue(performed.detail().startsWith("rescued 1 job; not"), performed.detail());
      assertTrue(performed.detail().contains("locked by pid "), performed.detail());
    }
  }

  @Test
  void aSourceOfNoWorkerThatNeverFitFailsNoWorkersRemedy() throws Exception {
    try (Rig rig = new Rig().deploy()) {
      Performed performed = act("{}").perform(task(rig, "worker/images.1"));
      assertEquals(Outcome.ALREADY_DONE, performed.outcome(), performed.detail());
      assertTrue(performed.detail().contains("does not exist"), performed.detail());
      assertEquals(
          Outcome.FAILED, act("source: images").perform(task(rig, "worker/images.1")).outcome());
      assertEquals(Outcome.FAILED, act("source: gone").perform(task(rig, "host")).outcome());
    }
  }

  @Test
  void aSubjectWithoutASourceIsRefused() throws Exception {
    try (Rig rig = new Rig().table().deploy()) {
      for (String subject : List.of("host", "service/openai")) {
        assertEquals(Outcome.REFUSED, act("{}").perform(task(rig, subject)).outcome(), subject);
      }
    }
  }
}
