package io.selfheal.bench;

import io.selfheal.bench.PeerLog.Meaning;
import io.selfheal.bench.PeerLog.Said;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How Monit is told of the workers, and how its log is read. */
final class Monit {
  static final String NAME = "Monit";

  static final List<String> SETTINGS =
      List.of(
          "Monit: Debian's monit; set daemon 1 (its shortest cycle), start with timeout 1 seconds;"
              + " stop sends TERM and CONT, as systemd does",
          "  frozen, unresponsive: if failed host .. port .. protocol http with timeout 1 seconds"
              + " then restart; disk: if space usage > 90% then exec find .. -delete",
          "  detected: its line that says so, when it was read (its times have no fractions);"
              + " verifies itself: the check succeeds in a later cycle",
          "  cannot see: a frozen process as such, only that it does not answer");

  private static final Pattern LINE = Pattern.compile("^(?:\\[.*?\\] \\w+ +: )?'([^']+)' (.*)$");
  private static final Pattern WRONG =
      Pattern.compile(
          "process is not running|failed protocol test .*|failed connection .*"
              + "|process with pid \\d+ is a zombie|space usage .* matches .*");
  private static final Pattern WELL =
      Pattern.compile(
          "process is running with pid \\d+|connection succeeded .*"
              + "|space usage (?:check|test) succeeded.*");

  private Monit() {}

  /** What it can, which depends on what there is to look after. */
  static Set<Fault> can(Yard yard) {
    Set<Fault> can = EnumSet.allOf(Fault.class);
    if (!yard.hasDisks()) {
      can.remove(Fault.LOW_DISK);
    }
    return can;
  }

  /** Its configuration file. */
  static String config(Yard yard) {
    StringBuilder text =
        new StringBuilder(
            """
            set daemon 1
            set pidfile %1$s/monit.pid
            set idfile %1$s/monit.id
            set statefile %1$s/monit.state
            """
                .formatted(yard.directory()));
    for (Fault fault : Fault.values()) {
      for (int number = 1; fault.ofWorkers() && number <= yard.instances(); number++) {
        text.append(process(yard, fault, number));
      }
    }
    for (int number = 1; yard.hasDisks() && number <= yard.instances(); number++) {
      text.append(disk(number, yard.disk("" + number)));
    }
    return text.toString();
  }

  private static String process(Yard yard, Fault fault, int number) {
    Path pidFile = yard.pidFile(fault, number);
    String command = yard.command(fault, "" + number);
    String process =
        """

        check process %s with pidfile %s
          start program = "/bin/sh -c 'exec setsid %s &'" with timeout 1 seconds
          stop program = "/bin/sh -c 'read -r pid <%2$s && kill -TERM $pid && kill -CONT $pid'"
        """
            .formatted(Yard.name(fault, number), pidFile, command);
    return fault.ofWeb() ? process + probe(yard.port(fault), number) : process;
  }

  private static String probe(int port, int number) {
    return "  if failed host %s port %d protocol http with timeout 1 seconds then restart%n"
        .formatted(Yard.address("" + number), port);
  }

  private static String disk(int number, Path mount) {
    return """

    check filesystem %s with path %s
      if space usage > %d%% then exec "/usr/bin/find %2$s -name 'cache-*.bin' -delete"
    """
        .formatted(Yard.name(Fault.LOW_DISK, number), mount, SmallDisk.LOW_PERCENT);
  }

  /** Reads a line. */
  static Optional<Said> read(String line, Instant readAt) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String what = matcher.group(2);
    boolean wrong = WRONG.matcher(what).matches();
    if (!wrong && !WELL.matcher(what).matches()) {
      return Optional.empty();
    }
    Meaning meaning = wrong ? Meaning.DETECTED : Meaning.HEALED;
    return Optional.of(new Said(matcher.group(1), meaning, readAt));
  }
}
