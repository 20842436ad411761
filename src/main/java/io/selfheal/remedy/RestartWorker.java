package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.message.Outcome;
import io.selfheal.message.Owner;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.UnitRequests.Verb;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Ended;
import io.selfheal.message.WorkerRequests.StartInstance;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Task;
import java.time.Duration;
import java.util.List;

/**
 * Replaces the process that was seen by a fresh one. Keys of {@code with}:
 *
 * <ul>
 *   <li>{@code worker}, {@code instance}, {@code every}: which processes, see {@link Selection}
 *   <li>{@code grace}: from TERM to KILL, 0s (KILL at once) to 10m, default 10s. Not for units:
 *       there {@code TimeoutStopSec} says it
 *   <li>{@code settle}: where there are several, how long each new process must live before the
 *       next is restarted; 0s to 10m, default 2s
 * </ul>
 *
 * <p>A process of the agent's own is ended through its pidfd and started again; of a unit, systemd
 * is asked, and its job awaited. Where another process than the one that was seen runs already,
 * nothing is done. Who cannot be started again is not ended. The first one that fails ends it: the
 * others are left as they are.
 */
final class RestartWorker implements Remedy {
  private static final Duration LONGEST_SETTLE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "restart_worker";
  }

  @Override
  public String description() {
    return "replaces a worker's process by a fresh one";
  }

  @Override
  public Act read(Section with) {
    return new RestartAct(
        Selection.from(with),
        Ends.grace(with),
        with.duration("settle", Duration.ofSeconds(2), Duration.ZERO, LONGEST_SETTLE));
  }

  /** As one rung has it. It is safe to do twice: a process that was replaced is let be. */
  record RestartAct(Selection selection, Duration grace, Duration settle) implements Act {
    /** For the start of a process of the agent's own. */
    private static final Duration STARTING = Duration.ofSeconds(2);

    @Override
    public Performed rehearse(Task task) throws Exception {
      return Workforce.guarded(() -> run(Workforce.of(task), true));
    }

    @Override
    public Performed perform(Task task) throws Exception {
      return Workforce.guarded(() -> run(Workforce.of(task), false));
    }

    private Performed run(Workforce workforce, boolean rehearse) throws Exception {
      Targets.Choice choice = workforce.choose(selection);
      if (choice.all().isEmpty()) {
        return new Performed(Outcome.REFUSED, choice.problem(), List.of(), null);
      }
      Ends ends = new Ends(workforce, grace);
      Tally tally = new Tally();
      int left = choice.all().size();
      for (Target target : choice.all()) {
        // What is left of the deadline is shared out among those that are left.
        Duration most =
            workforce.left(Ends.ANSWER.plus(settle.multipliedBy(left - 1L))).dividedBy(left);
        Ended ended = one(ends, target, most, rehearse);
        boolean on = tally.add(ended.outcome(), target.instance() + ": " + ended.detail());
        left--;
        if (!on || (left > 0 && !rehearse && !settled(workforce, ended, tally))) {
          break;
        }
      }
      return tally.sum(choice.all().size());
    }

    private Ended one(Ends ends, Target target, Duration most, boolean rehearse) throws Exception {
      if (target.owner() == Owner.OTHER) {
        return said(
            Outcome.REFUSED,
            "nobody told the agent how to start it, so it is not ended: give "
                + target.worker()
                + " run.command or match.unit, or use stop_worker where a supervisor starts it");
      }
      return switch (ends.workforce().standing(target)) {
        case EMPTY ->
            rehearse && target.owner() == Owner.SYSTEMD
                ? ends.unit(target, Verb.RESTART, most, true)
                : start(ends, target, rehearse);
        case FOLLOWED ->
            said(Outcome.ALREADY_DONE, target.process() + " is not the process that was seen");
        case SAME ->
            target.owner() == Owner.SYSTEMD
                ? ends.unit(target, Verb.RESTART, most, rehearse)
                : replace(ends, target, most, rehearse);
      };
    }

    private static Ended replace(Ends ends, Target target, Duration most, boolean rehearse)
        throws Exception {
      if (rehearse) {
        return said(
            Outcome.DONE,
            "would end %s by %s, and start it again"
                .formatted(target.process(), ends.words(target)));
      }
      Ended ended = ends.process(target, most.minus(STARTING));
      return Ends.gone(ended) ? start(ends, target, false) : ended;
    }

    private static Ended start(Ends ends, Target target, boolean rehearse) throws Exception {
      if (rehearse) {
        return said(Outcome.DONE, "would start it: no process runs");
      }
      Workforce workforce = ends.workforce();
      StartInstance query =
          new StartInstance(
              target.worker(), target.instance(), workforce.gone(target), workforce.reason());
      Duration limit =
          target.owner() == Owner.SYSTEMD ? Duration.ofSeconds(100) : Duration.ofSeconds(10);
      return workforce.ask(WorkerRequests.START, query, limit);
    }

    /** Whether the new process lived long enough for the next one to be restarted. */
    private boolean settled(Workforce workforce, Ended ended, Tally tally) throws Exception {
      if (ended.outcome() != Outcome.DONE || settle.isZero()) {
        return true;
      }
      Thread.sleep(settle);
      boolean lives =
          Workforce.of(workforce.task()).workers().stream()
              .flatMap(worker -> worker.processes().stream())
              .anyMatch(one -> one.process() != null && one.process().equals(ended.process()));
      return lives
          || tally.add(
              Outcome.FAILED,
              ended.process() + " ended within " + CommandWords.seconds(settle) + " of its start");
    }

    private static Ended said(Outcome outcome, String detail) {
      return new Ended(outcome, detail, null);
    }
  }
}
