package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an incident says of its sweep. */
class RequeueJobsTest {
  private static Ending judge(long rescued, Map<String, String> problems) {
    return RequeueJobs.judge(new Swept(false, 1, 9, rescued, List.of(), 0, problems, Map.of()), 0);
  }

  /** Another incident of this agent may have requeued them just before. */
  @Test
  void whereNoJobWasLeftItDoesNotSayThatNobodyDidIt() {
    assertEquals(
        Ending.of(
            Outcome.ALREADY_DONE,
            "no job was left to requeue (there was none, or its library or other healing had done"
                + " it)"),
        judge(0, Map.of()));
  }

  @Test
  void whereNoSourceIsConfiguredItSpeaksOfNoJob() {
    Swept none = new Swept(false, 0, 0, 0, List.of(), 0, Map.of(), Map.of());
    assertEquals(
        Ending.of(Outcome.ALREADY_DONE, "no job source is configured for it"),
        RequeueJobs.judge(none, 0));
  }

  @Test
  void aSourceThatCannotBeReadIsTriedAgain() {
    assertEquals(Outcome.DEFERRED, judge(0, Map.of("mails", "away")).outcome());
    assertEquals(Outcome.DONE, judge(2, Map.of()).outcome());
  }
}
