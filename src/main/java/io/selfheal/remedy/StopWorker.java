package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.message.Outcome;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
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
import java.util.Optional;

/**
 * Ends the process that was seen, and sees it gone. Keys of {@code with}:
 *
 * <ul>
 *   <li>{@code worker}, {@code instance}, {@code every}: which processes, see {@link Selection}
 *   <li>{@code grace}: from TERM to KILL, 0s (KILL at once) to 10m, default 10s. Not for units:
 *       there {@code TimeoutStopSec} says it
 * </ul>
 *
 * <p>A unit is stopped by systemd, which would start it again otherwise. Where the symptom is about
 * the unit and names no process of it, as a crash loop is, the unit is stopped whichever process it
 * has by now: also when a person mended it while the symptom was still there. A process of another
 * supervisor is started again by that. A process of the agent's own stays away until this is
 * undone, something else starts it, or the agent itself starts anew.
 */
final class StopWorker implements Remedy {
  @Override
  public String name() {
    return "stop_worker";
  }

  @Override
  public String description() {
    return "ends a worker's process, and leaves it ended";
  }

  @Override
  public Act read(Section with) {
    return new StopAct(Selection.from(with), Ends.grace(with));
  }

  /** As one rung has it. It is safe to finish: what follows the process is let be. */
  record StopAct(Selection selection, Duration grace) implements Act {
    @Override
    public Performed rehearse(Task task) throws Exception {
      return Workforce.guarded(() -> run(Workforce.of(task), true, false));
    }

    @Override
    public Performed perform(Task task) throws Exception {
      return Workforce.guarded(() -> run(Workforce.of(task), false, false));
    }

    /** What is gone by now may have been stopped by the run before: it can be taken back, too. */
    @Override
    public Performed finish(Task task) throws Exception {
      return Workforce.guarded(() -> run(Workforce.of(task), false, true));
    }

    private Performed run(Workforce workforce, boolean rehearse, boolean finishes)
        throws Exception {
      Targets.Choice choice = workforce.choose(selection);
      if (choice.all().isEmpty()) {
        return new Performed(Outcome.REFUSED, choice.problem(), List.of(), null);
      }
      Ends ends = new Ends(workforce, grace);
      Tally tally = new Tally();
      int left = choice.all().size();
      for (Target target : choice.all()) {
        Duration most = workforce.left(Ends.ANSWER).dividedBy(left--);
        // To be finished, it may have been stopped before, and started again by a person since.
        Ended ended =
            meansUnit(target, workforce.task()) && !finishes
                ? ends.unit(target.whichever(), Verb.STOP, most, rehearse)
                : one(ends, target, most, rehearse);
        boolean on = tally.add(ended.outcome(), target.instance() + ": " + ended.detail());
        boolean stopped = ended.outcome() == Outcome.DONE || (finishes && Ends.gone(ended));
        if (stopped && target.owner() != Owner.OTHER && !rehearse) {
          tally.undo(target.worker() + " " + target.instance());
        }
        if (!on) {
          break;
        }
      }
      return tally.sum(choice.all().size());
    }

    /** A unit that crashes again and again has another process by now than when that was seen. */
    private static boolean meansUnit(Target target, Task task) {
      return target.owner() == Owner.SYSTEMD
          && target.meant() == Target.Meant.WORKER
          && task.seen().process() == null;
    }

    private static Ended one(Ends ends, Target target, Duration most, boolean rehearse)
        throws Exception {
      ProcessIdentity process = target.process();
      boolean unit = target.owner() == Owner.SYSTEMD;
      return switch (ends.workforce().standing(target)) {
        case EMPTY ->
            unit
                ? ends.unit(target, Verb.STOP, most, rehearse)
                : new Ended(Outcome.ALREADY_DONE, "no process runs", null);
        case FOLLOWED ->
            new Ended(Outcome.ALREADY_DONE, process + " is not the process that was seen", process);
        case SAME -> {
          if (unit) {
            yield ends.unit(target, Verb.STOP, most, rehearse);
          }
          yield rehearse
              ? new Ended(
                  Outcome.DONE,
                  "would end %s by %s".formatted(process, ends.words(target)),
                  process)
              : ends.process(target, most);
        }
      };
    }

    /** Starts again what was stopped; {@code left} holds lines of a worker and its slot. */
    @Override
    public Performed undo(Task task, String left) throws Exception {
      Workforce workforce = Workforce.of(task);
      return Workforce.guarded(
          () -> {
            Tally tally = new Tally();
            List<String> lines = left.lines().toList();
            for (String line : lines) {
              String[] words = line.split(" ", 2);
              Ended ended = start(workforce, words[0], words[words.length - 1]);
              if (!tally.add(ended.outcome(), words[words.length - 1] + ": " + ended.detail())) {
                break;
              }
            }
            return tally.sum(lines.size());
          });
    }

    private static Ended start(Workforce workforce, String worker, String instance)
        throws Exception {
      Optional<Target> unit =
          workforce.workers().stream()
              .filter(one -> one.id().equals(worker) && one.owner() == Owner.SYSTEMD)
              .map(one -> Target.empty(one, instance))
              .findFirst();
      if (unit.isPresent()) {
        return new Ends(workforce, Duration.ZERO)
            .unit(unit.get(), Verb.START, workforce.left(Duration.ZERO), false);
      }
      StartInstance query = new StartInstance(worker, instance, null, workforce.reason());
      return workforce.ask(WorkerRequests.START, query, Duration.ofSeconds(10));
    }
  }
}
