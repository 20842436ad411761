package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command that the rule declares. Keys of {@code with}:
 *
 * <ul>
 *   <li>{@code command}: the program and its arguments, as a list; there is no shell, so nothing is
 *       expanded, and what is seen of a fault never becomes a part of it
 *   <li>{@code directory}: where it runs, absolute; default /
 *   <li>{@code environment}: variables; beside them it gets only the agent's {@code PATH} and what
 *       it is run for: {@code INCIDENT_ID}, {@code INCIDENT_RULE}, {@code INCIDENT_SYMPTOM} and
 *       {@code INCIDENT_SUBJECT}
 *   <li>{@code succeeds}: the exit statuses that mean success; default [0]
 *   <li>{@code grace}: from TERM to KILL when its time is over; 0s to 5m, default 5s, and at most a
 *       quarter of the rung's deadline
 *   <li>{@code repeatable}: whether it may be run again after a crash of the agent; default false
 *   <li>{@code undo}: the command that takes it back, in the same directory and environment;
 *       default none
 * </ul>
 *
 * <p>TERM and KILL go to all that it started and that began no session of its own. What it leaves
 * running when it ends in time is left running. The last 100 lines of its output are kept.
 */
final class RunCommand implements Remedy {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final Pattern STATUS = Pattern.compile("\\d{1,3}");
  private static final Duration MOST_GRACE = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "run_command";
  }

  @Override
  public String description() {
    return "runs a command that the rule declares, without a shell and for a limited time";
  }

  @Override
  public Act read(Section with) {
    List<String> command = with.texts("command", List.of());
    if (command.isEmpty() || command.getFirst().isBlank()) {
      with.reject("command", "names no program", "[/usr/local/bin/flush-queue, --all]");
    }
    Path directory = with.path("directory").orElse(Path.of("/"));
    if (!directory.isAbsolute()) {
      with.reject("directory", "is not absolute", "such as /var/lib/images");
    }
    Map<String, String> environment = with.secrets("environment");
    for (String variable : environment.keySet()) {
      if (!VARIABLE.matcher(variable).matches()) {
        with.reject(
            "environment", "\"" + variable + "\" is not the name of a variable", "like MY_NAME");
      }
    }
    return new CommandAct(
        command,
        directory,
        environment,
        statuses(with),
        with.duration("grace", Duration.ofSeconds(5), Duration.ZERO, MOST_GRACE),
        with.flag("repeatable", false),
        with.texts("undo", List.of()));
  }

  private static Set<Integer> statuses(Section with) {
    Set<Integer> statuses = new TreeSet<>();
    for (String text : with.texts("succeeds", List.of("0"))) {
      if (STATUS.matcher(text).matches() && Integer.parseInt(text) <= 255) {
        statuses.add(Integer.parseInt(text));
      } else {
        with.reject("succeeds", "\"" + text + "\" is no exit status", "0 to 255, such as [0, 3]");
      }
    }
    return statuses;
  }

  /** As one rung has it. */
  record CommandAct(
      List<String> command,
      Path directory,
      Map<String, String> environment,
      Set<Integer> succeeds,
      Duration grace,
      boolean repeatable,
      List<String> takesBack)
      implements Act {
    /** Copies. */
    CommandAct {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
      succeeds = Set.copyOf(succeeds);
      takesBack = List.copyOf(takesBack);
    }

    @Override
    public Performed rehearse(Task task) {
      Optional<String> missing = missing(command);
      if (missing.isPresent()) {
        return new Performed(Outcome.FAILED, missing.get(), List.of(), null);
      }
      CommandTimes times = CommandTimes.of(task.deadline(), grace);
      return new Performed(
          Outcome.DONE,
          "would run %s in %s, for %s at most"
              .formatted(words(command), directory, seconds(times.run())),
          List.of(),
          null);
    }

    @Override
    public Performed perform(Task task) throws InterruptedException {
      return run(task, command, takesBack.isEmpty() ? null : words(takesBack));
    }

    @Override
    public Performed undo(Task task, String left) throws InterruptedException {
      if (takesBack.isEmpty()) {
        return new Performed(
            Outcome.REFUSED, "the rule has no undo for " + words(command), List.of(), null);
      }
      return run(task, takesBack, null);
    }

    @Override
    public Performed finish(Task task) throws InterruptedException {
      Optional<CommandSession> running =
          CommandSession.marked("INCIDENT_ID=" + task.incidentId(), command);
      if (running.isPresent()) {
        return outlived(task, running.get());
      }
      if (repeatable) {
        return perform(task);
      }
      return new Performed(
          Outcome.FAILED,
          words(command)
              + " may have been run: the agent ended before it wrote down how it went. It is not run"
              + " again; where that would do no harm, say repeatable: true",
          List.of(),
          null);
    }

    /** One that an earlier run of the agent started, and that runs on without it. */
    private Performed outlived(Task task, CommandSession session) throws InterruptedException {
      boolean inTime = session.awaitEnd(CommandTimes.of(task.deadline(), grace));
      return new Performed(
          Outcome.FAILED,
          "%s outlived the agent that started it as pid %d and %s: its exit status is not known, and it is not run again"
              .formatted(
                  words(command),
                  session.leader(),
                  inTime ? "has ended now" : "was ended, for its time was over"),
          List.of(),
          null);
    }

    private Performed run(Task task, List<String> argv, @Nullable String undo)
        throws InterruptedException {
      Optional<String> missing = missing(argv);
      if (missing.isPresent()) {
        return new Performed(Outcome.FAILED, missing.get(), List.of(), null);
      }
      Map<String, String> all = new LinkedHashMap<>(environment);
      all.put("INCIDENT_ID", task.incidentId());
      all.put("INCIDENT_RULE", task.seen().rule());
      all.put("INCIDENT_SYMPTOM", task.seen().symptom());
      all.put("INCIDENT_SUBJECT", task.subject());
      try {
        CommandTimes times = CommandTimes.of(task.deadline(), grace);
        CommandRun.Ended ended = CommandRun.start(argv, directory, all).await(times);
        return judge(argv, ended, times, undo);
      } catch (IOException failure) {
        return new Performed(
            Outcome.FAILED,
            words(argv) + " cannot be started: " + failure.getMessage(),
            List.of(),
            null);
      }
    }

    private Performed judge(
        List<String> argv, CommandRun.Ended ended, CommandTimes times, @Nullable String undo) {
      boolean good =
          !ended.late()
              && ended.status().isPresent()
              && succeeds.contains(ended.status().getAsInt());
      return new Performed(
          good ? Outcome.DONE : Outcome.FAILED,
          words(argv) + " " + CommandWords.ended(ended, times),
          ended.output(),
          undo);
    }

    private Optional<String> missing(List<String> argv) {
      return Programs.missing(argv.getFirst(), directory, CommandRun.path());
    }

    private static String words(List<String> argv) {
      return CommandWords.command(argv);
    }

    private static String seconds(Duration time) {
      return CommandWords.seconds(time);
    }
  }
}
