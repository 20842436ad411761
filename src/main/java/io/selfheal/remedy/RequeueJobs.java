package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.JobRequests.Unswept;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.StuckJob;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Task;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps a source now: stuck jobs are queued again, resumed or failed, each as the source's own
 * rules have it, with proof and in the transaction that finds it unchanged. Doing it twice does no
 * harm. Key of {@code with}: {@code source} (default: the source that the symptom is about, that of
 * its job, or all that its worker works on). Of those that a worker only may work on, one that has
 * never fit is told, and fails nothing; one of which somebody else has rows locked is swept again
 * soon; any other that is not wholly swept is a failure.
 */
final class RequeueJobs implements Remedy {
  private static final int MOST_LINES = 100;

  @Override
  public String name() {
    return "requeue_jobs";
  }

  @Override
  public String description() {
    return "sweeps a source now, so that its stuck jobs are queued again";
  }

  @Override
  public Act read(Section with) {
    return new Sweeping(with.text("source"));
  }

  private record Sweeping(Optional<String> source) implements Act {
    @Override
    public Performed rehearse(Task task) throws TimeoutException {
      return sweep(task, true);
    }

    @Override
    public Performed perform(Task task) throws TimeoutException {
      return sweep(task, false);
    }

    private Performed sweep(Task task, boolean dry) throws TimeoutException {
      Named named = Named.of(task.subject());
      Optional<String> asked = source.or(named::source);
      Optional<String> worker = asked.isPresent() ? Optional.empty() : named.worker();
      if (asked.isEmpty() && worker.isEmpty()) {
        return new Performed(
            Outcome.REFUSED,
            task.subject() + " names no source; write with: {source: …}",
            List.of(),
            null);
      }
      Sweep query = new Sweep(asked.orElse(null), worker.orElse(null), dry, incident(task, dry));
      Swept swept =
          task.around()
              .bus()
              .ask(JobRequests.SWEEP, query, task.deadline())
              .await(task.deadline().toMillis(), TimeUnit.MILLISECONDS);
      return told(swept);
    }

    private static @Nullable String incident(Task task, boolean dry) {
      return dry ? null : task.incidentId();
    }
  }

  private static Performed told(Swept swept) {
    List<String> lines = swept.jobs().stream().limit(MOST_LINES).map(RequeueJobs::line).toList();
    String done = (swept.dryRun() ? "would rescue " : "rescued ") + jobs(swept.rescued());
    String problems = swept.problems().isEmpty() ? "" : "; not wholly swept: " + swept.problems();
    List<String> open =
        swept.problems().keySet().stream().filter(source -> !apart(swept, source)).toList();
    if (!open.isEmpty()) {
      boolean passes = open.stream().allMatch(swept::waitsForRows);
      return new Performed(
          passes ? Outcome.DEFERRED : Outcome.FAILED, done + problems, lines, null);
    }
    if (swept.sources() == 0 && swept.problems().isEmpty()) {
      return new Performed(Outcome.ALREADY_DONE, "no job source is configured for it", lines, null);
    }
    boolean nothing = swept.rescued() == 0;
    String looked = " of " + swept.looked() + " running ones";
    return new Performed(
        nothing ? Outcome.ALREADY_DONE : Outcome.DONE,
        (nothing ? "no job is to be rescued" + looked : done + looked) + problems,
        lines,
        null);
  }

  /** Whether a source is of no worker and has never fit: nothing says that its jobs are meant. */
  private static boolean apart(Swept swept, String source) {
    Unswept one = swept.unswept().get(source);
    return one != null && !one.bound() && one.hindrance() == Hindrance.UNFIT;
  }

  private static String line(StuckJob job) {
    String what =
        job.effect() == Effect.LEAVE ? "left" : job.effect().name().toLowerCase(Locale.ROOT);
    return "%s/%s %s: %s".formatted(job.source(), job.jobId(), what, job.reason());
  }

  private static String jobs(long count) {
    return count == 1 ? "1 job" : count + " jobs";
  }
}
