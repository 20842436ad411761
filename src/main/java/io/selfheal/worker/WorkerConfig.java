package io.selfheal.worker;

import io.selfheal.config.Section;
import io.selfheal.message.Owner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One entry of {@code workers}.
 *
 * @param name {@code [a-z0-9_-]}, 1 to 64 characters, unique
 * @param way how its processes come to be known: {@code match} or {@code run}; neither: they
 *     announce themselves by heartbeat
 * @param beat {@code heartbeat: {every: 1s..1h, default 10s; grace: 0s..24h, default 30s}}. Without
 *     that section, the silence of a configured worker is never judged: it promised nothing. A
 *     worker that is known by its heartbeats alone is always judged, by the defaults.
 * @param frozenAfter {@code frozen_after}, 1s to 1h, default 3s: stopped by a signal for this long
 */
public record WorkerConfig(String name, Way way, Optional<Beat> beat, Duration frozenAfter) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,64}");
  private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9:_.\\\\@-]{1,255}\\.service");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

  /**
   * What a worker promises.
   *
   * @param every the pause between two heartbeats
   * @param grace how much later than that one may be
   */
  public record Beat(Duration every, Duration grace) {
    Duration silentAfter() {
      return every.plus(grace);
    }
  }

  /** How its processes come to be known. */
  public sealed interface Way {
    /** {@code match: {unit: x.service}}. */
    record Unit(String unit) implements Way {}

    /** {@code match: {pid_file: path}}. */
    record PidFile(Path file) implements Way {}

    /** {@code match: {command: regex}}: found anywhere in the arguments, joined by spaces. */
    record Command(Pattern pattern) implements Way {}

    /**
     * {@code run}: the agent starts them.
     *
     * @param command the program and its arguments; no shell
     * @param instances 1 to 64, default 1
     * @param directory default: the agent's own
     * @param environment added to the agent's own, from which {@code SELFHEAL_*} is taken away
     * @param stop {@code on_stop: stop}: end them with the agent; default {@code leave}: they run
     *     on, and the next agent adopts them
     * @param stopGrace {@code stop_grace}, 0s to 6s, default 5s: from TERM to KILL; the agent
     *     itself has 10 s to stop, and must see them gone within
     */
    record Run(
        List<String> command,
        int instances,
        Optional<Path> directory,
        Map<String, String> environment,
        boolean stop,
        Duration stopGrace)
        implements Way {
      /** Copies. */
      public Run {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
      }
    }

    /** Neither: only its heartbeats are known. */
    record Announced() implements Way {}
  }

  private enum OnStop {
    LEAVE,
    STOP
  }

  /** Who starts it. */
  Owner owner() {
    return switch (way) {
      case Way.Run run -> Owner.AGENT;
      case Way.Unit unit -> Owner.SYSTEMD;
      case Way.PidFile file -> Owner.OTHER;
      case Way.Command command -> Owner.OTHER;
      case Way.Announced announced -> Owner.OTHER;
    };
  }

  /** How it is found, in the words of the configuration. */
  String found() {
    return switch (way) {
      case Way.Run run -> "run";
      case Way.Unit unit -> "unit";
      case Way.PidFile file -> "pid_file";
      case Way.Command command -> "command";
      case Way.Announced announced -> "heartbeat";
    };
  }

  Patience patience() {
    Optional<Beat> judged =
        way instanceof Way.Announced && beat.isEmpty()
            ? Optional.of(WorkersConfig.DEFAULT_BEAT)
            : beat;
    return new Patience(frozenAfter, judged.map(Beat::silentAfter));
  }

  /** A worker that nobody configured and that announced itself. */
  static WorkerConfig announced(String name) {
    return new WorkerConfig(
        name, new Way.Announced(), Optional.empty(), WorkersConfig.DEFAULT_FROZEN_AFTER);
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static WorkerConfig from(Section section) {
    String name = section.required("name", "write name: and then a-z, 0-9, _ or -");
    if (!name.isBlank() && !isName(name)) {
      section.reject(
          "name", "\"" + name + "\" is not a name", "1 to 64 characters of a-z, 0-9, _ and -");
    }
    List<Way> ways = new ArrayList<>();
    match(section.section("match"), ways);
    run(section.section("run"), ways);
    if (ways.size() > 1) {
      section.reject(
          "name",
          "says more than one way to find " + name,
          "keep one of match.unit, match.pid_file, match.command and run");
    }
    return new WorkerConfig(
        name,
        ways.isEmpty() ? new Way.Announced() : ways.getFirst(),
        beat(section.section("heartbeat")),
        section.duration(
            "frozen_after",
            WorkersConfig.DEFAULT_FROZEN_AFTER,
            Duration.ofSeconds(1),
            Duration.ofHours(1)));
  }

  private static Optional<Beat> beat(Section section) {
    if (!section.has("every") && !section.has("grace")) {
      return Optional.empty();
    }
    Beat usual = WorkersConfig.DEFAULT_BEAT;
    return Optional.of(
        new Beat(
            section.duration("every", usual.every(), Duration.ofSeconds(1), Duration.ofHours(1)),
            section.duration("grace", usual.grace(), Duration.ZERO, Duration.ofHours(24))));
  }

  private static void match(Section section, List<Way> ways) {
    section
        .text("unit")
        .ifPresent(
            unit -> {
              if (!UNIT.matcher(unit).matches()) {
                section.reject(
                    "unit", "\"" + unit + "\" is not the name of a service", "name.service");
              }
              ways.add(new Way.Unit(unit));
            });
    section.path("pid_file").ifPresent(file -> ways.add(new Way.PidFile(file)));
    section.text("command").flatMap(regex -> pattern(section, regex)).ifPresent(ways::add);
  }

  private static Optional<Way> pattern(Section section, String regex) {
    try {
      Pattern pattern = Pattern.compile(regex);
      if (pattern.matcher("").find()) {
        section.reject("command", "matches every process", "name something of its command line");
      }
      return Optional.of(new Way.Command(pattern));
    } catch (PatternSyntaxException wrong) {
      section.reject(
          "command",
          "is not a regular expression: "
              + wrong.getDescription()
              + " near character "
              + wrong.getIndex(),
          "see java.util.regex.Pattern");
      return Optional.empty();
    }
  }

  private static void run(Section section, List<Way> ways) {
    List<String> command = section.texts("command", List.of());
    int instances = section.integer("instances", 1, 1, 64);
    Optional<Path> directory = section.path("directory");
    Map<String, String> environment = section.secrets("environment");
    OnStop onStop = section.choice("on_stop", OnStop.LEAVE, OnStop.class);
    Duration grace =
        section.duration("stop_grace", Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(6));
    boolean said =
        section.has("instances")
            || section.has("on_stop")
            || section.has("stop_grace")
            || directory.isPresent()
            || !environment.isEmpty();
    if (command.isEmpty() && !said) {
      return;
    }
    if (command.isEmpty() || command.getFirst().isBlank()) {
      section.reject("command", "names no program", "[\"/usr/bin/worker\", \"--queue\", \"a\"]");
    }
    checkVariables(section, environment);
    ways.add(new Way.Run(command, instances, directory, environment, onStop == OnStop.STOP, grace));
  }

  private static void checkVariables(Section section, Map<String, String> environment) {
    for (String variable : environment.keySet()) {
      if (!VARIABLE.matcher(variable).matches()) {
        section.reject(
            "environment", "\"" + variable + "\" is not the name of a variable", "like MY_NAME");
      }
      if (Marks.names().contains(variable)) {
        section.reject(
            "environment", variable + " is the agent's own mark", "leave it to the agent");
      }
    }
  }
}
