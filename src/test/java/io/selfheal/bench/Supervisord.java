package io.selfheal.bench;

import io.selfheal.bench.PeerLog.Meaning;
import io.selfheal.bench.PeerLog.Said;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How supervisord is told of the workers, and how its log is read. */
final class Supervisord {
  static final String NAME = "supervisord";

  /** It knows its children's ends, and nothing else of them. */
  static final Set<Fault> CAN = Set.of(Fault.KILLED, Fault.CRASHING);

  static final List<String> SETTINGS =
      List.of(
          "supervisord: Debian's supervisor; autorestart=true, startsecs=1; startretries=3 and its"
              + " pauses are its defaults",
          "  detected: \"exited\" in its log; verifies itself: the process stayed up for startsecs"
              + " (\"entered RUNNING state\")",
          "  cannot see: a frozen process, one that does not answer, a disk");

  private static final Pattern LINE =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}) \\w+ (exited|success): (\\S+) .*");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS");

  private Supervisord() {}

  /** Its configuration file. */
  static String config(Yard yard) {
    StringBuilder text =
        new StringBuilder(
            """
            [supervisord]
            nodaemon=true
            logfile=%1$s/supervisord.log
            pidfile=%1$s/supervisord.pid
            childlogdir=%1$s
            """
                .formatted(yard.directory()));
    for (Fault fault : CAN.stream().sorted().toList()) {
      text.append(
          """

          [program:%s]
          command=%s
          process_name=%%(program_name)s.%%(process_num)d
          numprocs=%d
          numprocs_start=1
          autorestart=true
          startsecs=1
          """
              .formatted(fault.worker(), yard.command(fault, "%(process_num)d"), yard.instances()));
    }
    return text.toString();
  }

  /** Reads a line; its times are local, to the millisecond. */
  static Optional<Said> read(String line, ZoneId zone) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    // What is cut off would make it earlier than its cause.
    Instant at =
        LocalDateTime.parse(matcher.group(1), TIME)
            .atZone(zone)
            .toInstant()
            .plus(999, ChronoUnit.MICROS);
    Meaning meaning = matcher.group(2).equals("exited") ? Meaning.DETECTED : Meaning.HEALED;
    return Optional.of(new Said(matcher.group(3), meaning, at));
  }
}
