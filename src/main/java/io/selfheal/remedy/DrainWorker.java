package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.message.DrainRequests;
import io.selfheal.message.DrainRequests.Drain;
import io.selfheal.message.DrainRequests.Manner;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.WorkerRequests.Ended;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Asks workers to take no more jobs, by the answers to their heartbeats ({@code drain: true}), and
 * waits until they say that they hold none, or end. Keys of {@code with}: {@code worker}, {@code
 * instance}, {@code every}, see {@link Selection}; all that are meant are asked at once.
 *
 * <p>They are asked until the incident is over, by another run of the agent, too. When the deadline
 * comes first this fails, and they are asked further: what follows on the ladder finds less to
 * interrupt.
 */
final class DrainWorker implements Remedy {
  @Override
  public String name() {
    return "drain_worker";
  }

  @Override
  public String description() {
    return "asks a worker to take no more jobs, and waits until it holds none";
  }

  @Override
  public Act read(Section with) {
    return new DrainAct(Selection.from(with));
  }

  /** As one rung has it. It is safe to do twice: a wish is wished once. */
  record DrainAct(Selection selection) implements Act {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Override
    public Performed rehearse(Task task) throws Exception {
      return Workforce.guarded(() -> all(Workforce.of(task), Manner.REHEARSE));
    }

    /** The deadline is not waited for: what is needed to lift the wish would be lost with it. */
    @Override
    public Performed perform(Task task) throws Exception {
      Workforce workforce = Workforce.of(task);
      Duration most = task.deadline().multipliedBy(9).dividedBy(10);
      return Workforce.guarded(() -> waited(workforce, most));
    }

    private Performed waited(Workforce workforce, Duration most) throws Exception {
      Set<String> asked = new LinkedHashSet<>();
      while (true) {
        Performed now = all(workforce, Manner.WISH);
        String undo = now.undo();
        if (undo != null) {
          undo.lines().forEach(asked::add);
        }
        Duration waited = workforce.task().around().time().since(workforce.begun());
        boolean late = waited.compareTo(most) >= 0;
        if (now.outcome() != Outcome.DEFERRED || late) {
          return told(now, asked, most);
        }
        Thread.sleep(PAUSE);
      }
    }

    /** One that was asked and has ended since has done so. */
    private static Performed told(Performed now, Set<String> asked, Duration most) {
      String undo = asked.isEmpty() ? null : String.join("\n", asked);
      boolean late = now.outcome() == Outcome.DEFERRED;
      boolean ended = now.outcome() == Outcome.ALREADY_DONE && !asked.isEmpty();
      return new Performed(
          late ? Outcome.FAILED : ended ? Outcome.DONE : now.outcome(),
          late ? "not within " + CommandWords.seconds(most) + ": " + now.detail() : now.detail(),
          now.output(),
          undo);
    }

    @Override
    public boolean lifted() {
      return true;
    }

    private Performed all(Workforce workforce, Manner manner) throws Exception {
      Targets.Choice choice = workforce.choose(selection);
      if (choice.all().isEmpty()) {
        return new Performed(Outcome.REFUSED, choice.problem(), List.of(), null);
      }
      Tally tally = new Tally();
      for (Target target : choice.all()) {
        Ended ended = one(workforce, target, manner);
        tally.add(ended.outcome(), target.instance() + ": " + ended.detail());
        ProcessIdentity process = target.process();
        boolean asked = ended.outcome() == Outcome.DONE || ended.outcome() == Outcome.DEFERRED;
        if (asked && manner == Manner.WISH && process != null) {
          tally.undo(process.bootId() + " " + process.pid() + " " + process.startTicks());
        }
      }
      return tally.sum(choice.all().size());
    }

    private static Ended one(Workforce workforce, Target target, Manner manner) throws Exception {
      return switch (workforce.standing(target)) {
        case EMPTY -> new Ended(Outcome.ALREADY_DONE, "no process runs", null);
        case FOLLOWED ->
            new Ended(
                Outcome.ALREADY_DONE,
                target.process() + " is not the process that was seen",
                target.process());
        case SAME -> {
          ProcessIdentity process = target.process();
          yield process == null
              ? new Ended(Outcome.ALREADY_DONE, "no process runs", null)
              : ask(workforce, process, manner);
        }
      };
    }

    private static Ended ask(Workforce workforce, ProcessIdentity process, Manner manner)
        throws Exception {
      return workforce.ask(
          DrainRequests.DRAIN, new Drain(process, workforce.task().incidentId(), manner), LIMIT);
    }

    /** Lifts the wishes; {@code left} holds a line of boot id, pid and start for each process. */
    @Override
    public Performed undo(Task task, String left) throws Exception {
      Workforce workforce = Workforce.of(task);
      List<ProcessIdentity> processes = new ArrayList<>();
      for (String line : left.lines().toList()) {
        String[] parts = line.split(" ", 3);
        processes.add(
            new ProcessIdentity(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2])));
      }
      return Workforce.guarded(
          () -> {
            Tally tally = new Tally();
            for (ProcessIdentity process : processes) {
              Ended ended = ask(workforce, process, Manner.LIFT);
              tally.add(ended.outcome(), ended.detail());
            }
            return tally.sum(processes.size());
          });
    }
  }
}
