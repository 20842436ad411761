package io.selfheal.remedy;

import io.selfheal.bus.RequestFailed;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.Request;
import io.selfheal.message.Subject;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.ListWorkers;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.rule.Task;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a remedy asks of WorkerWatch: on the thread of its act, which waits for the answer.
 *
 * @param begun the mark of the act's begin
 * @param listed the mark of the newest list of workers: the ages in it are of that moment
 */
record Workforce(Task task, long begun, AtomicLong listed) {
  /** The answer's own way takes a moment more than what it tells of. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private static final Duration LEAST = Duration.ofMillis(200);

  static Workforce of(Task task) {
    long now = task.around().time().mark();
    return new Workforce(task, now, new AtomicLong(now));
  }

  /** All workers as they stand. */
  List<Worker> workers() throws Exception {
    listed.set(task.around().time().mark());
    return ask(WorkerRequests.LIST, new ListWorkers(), Duration.ofSeconds(5)).workers();
  }

  /** The slots that a selection means. */
  Targets.Choice choose(Selection selection) throws Exception {
    return Targets.choose(selection, task.subject(), workers());
  }

  /** Asks, and waits somewhat longer than {@code limit}. */
  <Q, R> R ask(Request<Q, R> request, Q query, Duration limit) throws Exception {
    CompletableFuture<R> answer =
        task.around()
            .bus()
            .ask(request, query, limit.plus(MARGIN))
            .toCompletionStage()
            .toCompletableFuture();
    try {
      return answer.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }

  /** What is left of the deadline, less what is kept for later; at least a moment. */
  Duration left(Duration kept) {
    Duration left = task.deadline().minus(task.around().time().since(begun)).minus(kept);
    return left.compareTo(LEAST) < 0 ? LEAST : left;
  }

  /** For how long the incident had been open when the workers were listed. */
  Optional<Duration> open() {
    Duration since = task.around().time().since(listed.get());
    return task.opened().map(at -> Duration.between(at, task.around().time().now()).minus(since));
  }

  /** How a slot stands to what was seen. */
  Target.Standing standing(Target target) {
    return target.standing(seen(target), open());
  }

  /** The process that the symptom was seen of, when it was this slot's; null when none is named. */
  private @Nullable ProcessIdentity seen(Target target) {
    boolean about = task.subject().startsWith(Subject.worker(target.worker()));
    return about && task.subject().equals(Subject.worker(target.instance()))
        ? task.seen().process()
        : null;
  }

  /** The process of a slot that is to be replaced; null when none is known. */
  @Nullable ProcessIdentity gone(Target target) {
    ProcessIdentity process = target.process();
    return process == null ? seen(target) : process;
  }

  /** How this act is called in logs and events. */
  String reason() {
    return "incident " + task.incidentId();
  }

  /** What cannot have had any effect, because nobody was there to do it, may be tried again. */
  static Performed guarded(Callable<Performed> act) throws Exception {
    try {
      return act.call();
    } catch (RequestFailed failed) {
      if (failed.reason() == RequestFailed.Reason.NOBODY_ANSWERS) {
        return new Performed(
            Outcome.DEFERRED,
            "workers are not watched now: " + failed.getMessage(),
            List.of(),
            null);
      }
      throw failed;
    }
  }
}
