package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Asks for a sweep, which proves each job stuck again before it changes it. A source that cannot be
 * read now is tried again until it can: its jobs are safe where they are.
 */
record RequeueJobs() implements Remedy {
  static final String NAME = "requeue_jobs";

  /** By whom it was done is not known: this agent may have done it for another incident. */
  private static final String NONE_LEFT =
      "no job was left to requeue (there was none, or its library or other healing had done it)";

  /** A sweep of very many jobs takes seconds. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Question<?, ?> question(Incident incident, Event cause, Step step, HealConfig config) {
    return new Question<>(
        JobRequests.SWEEP,
        sweep(incident.id(), cause, false),
        LIMIT,
        RequeueJobs::judge,
        RequeueJobs::unanswered);
  }

  /** The sweep that belongs to an incident. */
  static Sweep sweep(String incidentId, Event cause, boolean dryRun) {
    return new Sweep(Cause.sourceOrNull(cause), Cause.workerOrNull(cause), dryRun, incidentId);
  }

  /** What stood in the way of a sweep, for an operator. */
  static String problems(Map<String, String> problems) {
    return problems.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("; "));
  }

  /** Pure. */
  static Ending judge(Swept swept) {
    String done = swept.rescued() == 0 ? "" : Words.rescued(swept.rescued(), swept.jobs());
    if (!swept.problems().isEmpty()) {
      String soFar = done.isEmpty() ? "" : " (" + done + " so far)";
      return new Ending(Outcome.DEFERRED, problems(swept.problems()) + soFar, null, swept.jobs());
    }
    if (done.isEmpty()) {
      return Ending.of(Outcome.ALREADY_DONE, NONE_LEFT);
    }
    return new Ending(Outcome.DONE, done, null, swept.jobs());
  }

  private static Ending unanswered(Throwable failure) {
    return Ending.of(Outcome.DEFERRED, "no sweep: " + failure.getMessage());
  }
}
