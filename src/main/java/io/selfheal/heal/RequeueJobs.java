package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Outcome;
import io.selfheal.message.StuckJob;
import java.time.Duration;
import java.util.List;

/**
 * Asks for a sweep, which proves each job stuck again before it changes it. A source that cannot be
 * read now is tried again as long as {@link Patience} has it: its jobs are safe where they are.
 */
record RequeueJobs() implements Remedy {
  static final String NAME = "requeue_jobs";

  /** By whom it was done is not known: this agent may have done it for another incident. */
  private static final String NONE_LEFT =
      "no job was left to requeue (there was none, or its library or other healing had done it)";

  /** It is no part of what a healing did. */
  static final String NO_SOURCE = "no job source is configured for it";

  /** A sweep of very many jobs takes seconds. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Question<?, ?> question(
      Incident incident, Event cause, Step step, int tries, HealConfig config) {
    return new Question<>(
        JobRequests.SWEEP,
        sweep(incident.id(), cause, false),
        LIMIT,
        swept -> judge(swept, tries),
        failure -> unanswered(failure, tries));
  }

  /** The sweep that belongs to an incident. */
  static Sweep sweep(String incidentId, Event cause, boolean dryRun) {
    return new Sweep(Cause.sourceOrNull(cause), Cause.workerOrNull(cause), dryRun, incidentId);
  }

  /** Pure. */
  static Ending judge(Swept swept, int tries) {
    String done = swept.rescued() == 0 ? "" : Words.rescued(swept.rescued(), swept.jobs());
    String none = swept.sources() == 0 ? NO_SOURCE : NONE_LEFT;
    return ending(Patience.of(swept, tries), done, none, swept.jobs());
  }

  private static Ending unanswered(Throwable failure, int tries) {
    Patience patience = Patience.silent("no sweep: " + failure.getMessage(), tries);
    return ending(patience, "", NONE_LEFT, List.of());
  }

  private static Ending ending(Patience patience, String done, String none, List<StuckJob> jobs) {
    String soFar = done.isEmpty() ? "" : " (" + done + " so far)";
    return switch (patience) {
      case Patience.Waits(String why, boolean soon) -> Ending.putOff(why + soFar, jobs, soon);
      case Patience.Spent(String why) -> new Ending(Outcome.FAILED, why + soFar, null, jobs);
      case Patience.Over(String unswept) -> {
        String what = done.isEmpty() ? none : done;
        String all = unswept.isEmpty() ? what : what + "; not swept: " + unswept;
        yield new Ending(done.isEmpty() ? Outcome.ALREADY_DONE : Outcome.DONE, all, null, jobs);
      }
    };
  }
}
