package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.ThrottleRequests;
import io.selfheal.message.ThrottleRequests.Lift;
import io.selfheal.message.ThrottleRequests.Strength;
import io.selfheal.message.ThrottleRequests.Throttle;
import io.selfheal.message.ThrottleRequests.Throttled;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds a worker down while the incident lasts; what was there is there again afterwards. Keys of
 * {@code with}:
 *
 * <ul>
 *   <li>{@code worker}, {@code instance}, {@code every}: which processes, see {@link Selection}
 *   <li>{@code cores}: processor time at most, 0.01 to 1024; 0.5 is half of one core
 *   <li>{@code cpu_weight}: its share of processors that others want, too; 1 to 10000, 100 is usual
 *   <li>{@code io_weight}: its share of disks that others want, too; 1 to 10000, 100 is usual
 *   <li>{@code weaker}: whether its priority is lowered where no control group can be limited;
 *       default true
 * </ul>
 *
 * <p>At least one of the three limits is needed. A unit is limited by systemd, until the next boot
 * at most. Any other process is limited by its control group where it has one for itself, else by
 * one that is made for it and what it started, else by its priority.
 */
final class ThrottleWorker implements Remedy {
  private static final double MOST_CORES = 1024;
  private static final int MOST_WEIGHT = 10_000;

  @Override
  public String name() {
    return "throttle_worker";
  }

  @Override
  public String description() {
    return "gives a worker less processor or disk time, for as long as the incident lasts";
  }

  @Override
  public Act read(Section with) {
    boolean cores = with.has("cores");
    boolean cpu = with.has("cpu_weight");
    boolean io = with.has("io_weight");
    if (!cores && !cpu && !io) {
      with.reject("cores", "no limit is said", "cores: 0.5, cpu_weight: 20 or io_weight: 20");
    }
    return new ThrottleAct(
        Selection.from(with),
        new Strength(
            cores ? with.number("cores", 1, 0.01, MOST_CORES) : null,
            cpu ? with.integer("cpu_weight", 100, 1, MOST_WEIGHT) : null,
            io ? with.integer("io_weight", 100, 1, MOST_WEIGHT) : null,
            with.flag("weaker", true)));
  }

  /** As one rung has it. It is safe to do twice: what was there is written down once. */
  record ThrottleAct(Selection selection, Strength strength) implements Act {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Override
    public Performed rehearse(Task task) throws Exception {
      return Workforce.guarded(() -> run(Workforce.of(task), true));
    }

    @Override
    public Performed perform(Task task) throws Exception {
      return Workforce.guarded(() -> run(Workforce.of(task), false));
    }

    @Override
    public boolean lifted() {
      return true;
    }

    private Performed run(Workforce workforce, boolean rehearse) throws Exception {
      Targets.Choice choice = workforce.choose(selection);
      if (choice.all().isEmpty()) {
        return new Performed(Outcome.REFUSED, choice.problem(), List.of(), null);
      }
      Tally tally = new Tally();
      for (Target target : choice.all()) {
        Throttled throttled = one(workforce, target, rehearse);
        String undo = throttled.undo();
        if (undo != null) {
          undo.lines().forEach(line -> tally.undo(target.instance() + "\t" + line));
        }
        if (!tally.add(throttled.outcome(), target.instance() + ": " + throttled.detail())) {
          break;
        }
      }
      return tally.sum(choice.all().size());
    }

    private Throttled one(Workforce workforce, Target target, boolean rehearse) throws Exception {
      ProcessIdentity process = target.process();
      if (process == null) {
        return new Throttled(Outcome.ALREADY_DONE, "no process runs", null);
      }
      if (workforce.standing(target) == Target.Standing.FOLLOWED) {
        return new Throttled(
            Outcome.ALREADY_DONE, process + " is not the process that was seen", null);
      }
      Throttle query =
          new Throttle(
              target.instance(), process, strength, workforce.task().incidentId(), rehearse);
      return workforce.ask(ThrottleRequests.THROTTLE, query, LIMIT);
    }

    /** Puts back what was there; {@code left} holds lines of a slot and what was there. */
    @Override
    public Performed undo(Task task, String left) throws Exception {
      Workforce workforce = Workforce.of(task);
      Map<String, List<String>> before = new LinkedHashMap<>();
      left.lines()
          .map(line -> line.split("\t", 2))
          .filter(parts -> parts.length == 2)
          .forEach(
              parts -> before.computeIfAbsent(parts[0], slot -> new ArrayList<>()).add(parts[1]));
      return Workforce.guarded(
          () -> {
            Tally tally = new Tally();
            for (Map.Entry<String, List<String>> slot : before.entrySet()) {
              Lift query = new Lift(slot.getKey(), String.join("\n", slot.getValue()));
              Throttled lifted = workforce.ask(ThrottleRequests.LIFT, query, LIMIT);
              // One that cannot be put back does not keep the others from it.
              tally.add(lifted.outcome(), slot.getKey() + ": " + lifted.detail());
            }
            return tally.sum(before.size());
          });
    }
  }
}
