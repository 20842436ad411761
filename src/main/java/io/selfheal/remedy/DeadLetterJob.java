package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.message.DeadLetter;
import io.selfheal.message.DeadLetterRequests;
import io.selfheal.message.DeadLetterRequests.ListDeadLetters;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Aside;
import io.selfheal.message.JobRequests.PutAside;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.Request;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Task;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts one stuck job aside, so that it is not tried again: into the place that its library has for
 * such jobs, and on the list of dead letters. There are no keys of {@code with}: the job is the one
 * that the symptom is about, {@code job/SOURCE/ID}.
 *
 * <p>Only a job whose holder is proven dead is put aside; a library without a place for such jobs
 * is refused. There is no undo yet: a person gives the job back to its source.
 */
final class DeadLetterJob implements Remedy {
  /** So many of the newest dead letters are looked through. */
  private static final int NEWEST = 500;

  @Override
  public String name() {
    return "dead_letter_job";
  }

  @Override
  public String description() {
    return "puts one stuck job aside, so that it is not tried again";
  }

  @Override
  public Act read(Section with) {
    return new PuttingAside();
  }

  private static final class PuttingAside implements Act {
    @Override
    public Performed rehearse(Task task) throws TimeoutException {
      return ask(task, true);
    }

    @Override
    public Performed perform(Task task) throws TimeoutException {
      return ask(task, false);
    }

    private static Performed ask(Task task, boolean dry) throws TimeoutException {
      Named named = Named.of(task.subject());
      Optional<String> source = named.source();
      Optional<String> job = named.job();
      if (source.isEmpty() || job.isEmpty()) {
        return told(Outcome.REFUSED, task.subject() + " is no job");
      }
      if (listed(task, source.get(), job.get())) {
        return told(Outcome.ALREADY_DONE, "it is among the dead letters");
      }
      String why = "incident of rule " + task.seen().rule() + ": " + task.seen().summary();
      Aside aside =
          answer(
              task,
              JobRequests.PUT_ASIDE,
              new PutAside(source.get(), job.get(), why, dry, dry ? null : task.incidentId()));
      return told(aside.outcome(), aside.detail());
    }

    private static boolean listed(Task task, String source, String job) throws TimeoutException {
      return answer(task, DeadLetterRequests.LIST, new ListDeadLetters(source, null, NEWEST))
          .deadLetters()
          .stream()
          .filter(letter -> letter.state() == DeadLetter.State.ADDED)
          .anyMatch(letter -> letter.jobId().equals(job));
    }

    private static <Q, R> R answer(Task task, Request<Q, R> request, Q query)
        throws TimeoutException {
      return task.around()
          .bus()
          .ask(request, query, task.deadline())
          .await(task.deadline().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Performed told(Outcome outcome, String detail) {
      return new Performed(outcome, detail, List.of(), null);
    }
  }
}
