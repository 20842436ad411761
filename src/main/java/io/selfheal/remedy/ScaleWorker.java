package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.ScaleRequests;
import io.selfheal.message.ScaleRequests.Manner;
import io.selfheal.message.ScaleRequests.Scale;
import io.selfheal.message.WorkerRequests.Ended;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Task;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives a worker more processes, or less. Keys of {@code with}:
 *
 * <ul>
 *   <li>{@code worker}: a worker that the agent runs; default: that of the subject
 *   <li>{@code template}: instead, a template unit such as {@code images@.service}; its instances
 *       are numbered, the lowest free numbers are started, the highest stopped
 *   <li>{@code by}: how many more; less when negative; -64 to 64, default 1
 *   <li>{@code min}: never less than so many; 0 to 64, default 1
 *   <li>{@code max}: never more than so many; 1 to 64; must be said
 *   <li>{@code keep}: whether it stays so when the incident is over; default false
 *   <li>{@code grace}: from TERM to KILL for those that end, 0s to 10m, default 30s; of units
 *       systemd's own
 * </ul>
 *
 * <p>What was changed for an incident is kept by the agent over its restarts, and taken back once,
 * in any order with what other incidents have changed.
 */
final class ScaleWorker implements Remedy {
  private static final Pattern WORKER = Pattern.compile("[a-z0-9_-]{1,64}");
  private static final Pattern TEMPLATE = Pattern.compile("[A-Za-z0-9:_.\\\\-]{1,200}@\\.service");
  private static final int MOST = 64;

  @Override
  public String name() {
    return "scale_worker";
  }

  @Override
  public String description() {
    return "gives a worker more processes or less, within bounds, for as long as the incident lasts";
  }

  @Override
  public Act read(Section with) {
    Optional<String> worker = with.text("worker");
    Optional<String> template = with.text("template");
    if (worker.isPresent() && template.isPresent()) {
      with.reject("template", "is said beside worker", "keep one");
    }
    reject(with, "worker", worker, WORKER, "as under workers");
    reject(with, "template", template, TEMPLATE, "such as images@.service");
    int by = with.integer("by", 1, -MOST, MOST);
    if (by == 0) {
      with.reject("by", "changes nothing", "1 for one more, -1 for one less");
    }
    int least = with.integer("min", 1, 0, MOST);
    with.required("max", "the most processes that there may be, 1 to " + MOST);
    int most = with.integer("max", MOST, 1, MOST);
    if (least > most) {
      with.reject("min", "is more than max", "at most " + most);
    }
    return new ScaleAct(
        worker.or(() -> template),
        by,
        least,
        most,
        with.flag("keep", false),
        with.duration("grace", Duration.ofSeconds(30), Duration.ZERO, Duration.ofMinutes(10)));
  }

  private static void reject(
      Section with, String key, Optional<String> text, Pattern form, String hint) {
    text.filter(name -> !form.matcher(name).matches())
        .ifPresent(name -> with.reject(key, "\"" + name + "\" is not one", hint));
  }

  /** As one rung has it. */
  record ScaleAct(Optional<String> name, int by, int least, int most, boolean keep, Duration grace)
      implements Act {
    @Override
    public Performed rehearse(Task task) throws Exception {
      return ask(task, Manner.CHANGE, null, true);
    }

    @Override
    public Performed perform(Task task) throws Exception {
      return ask(task, Manner.CHANGE, null, false);
    }

    @Override
    public Performed finish(Task task) throws Exception {
      return ask(task, Manner.FINISH, null, false);
    }

    @Override
    public Performed undo(Task task, String left) throws Exception {
      return ask(task, Manner.GIVE_BACK, left, false);
    }

    @Override
    public boolean lifted() {
      return !keep;
    }

    private Performed ask(Task task, Manner manner, @Nullable String left, boolean rehearse)
        throws Exception {
      Workforce workforce = Workforce.of(task);
      return Workforce.guarded(() -> ask(workforce, manner, left, rehearse));
    }

    private Performed ask(
        Workforce workforce, Manner manner, @Nullable String left, boolean rehearse)
        throws Exception {
      Optional<String> meant = left == null ? name : Optional.of(left);
      if (meant.isEmpty()) {
        meant = workforce.choose(Selection.SUBJECT).all().stream().map(Target::worker).findFirst();
      }
      if (meant.isEmpty()) {
        String problem = workforce.task().subject() + " is no worker: say in the rule which one";
        return new Performed(Outcome.REFUSED, problem, List.of(), null);
      }
      Duration limit = workforce.left(Duration.ofSeconds(1));
      Scale query =
          new Scale(
              meant.get(),
              workforce.task().incidentId(),
              manner,
              by,
              least,
              most,
              grace,
              limit,
              rehearse);
      Ended ended = workforce.ask(ScaleRequests.SCALE, query, limit);
      // What failed may be done in part: it is taken back from what is written down.
      boolean changed =
          !rehearse
              && manner != Manner.GIVE_BACK
              && (ended.outcome() == Outcome.DONE || ended.outcome() == Outcome.FAILED);
      return new Performed(
          ended.outcome(), ended.detail(), List.of(), changed ? meant.get() : null);
    }
  }
}
