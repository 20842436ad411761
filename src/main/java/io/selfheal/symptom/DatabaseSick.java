package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A database that the agent uses, its own or that of a source, is slow, nearly full of connections,
 * behind, or without limits. Subject: {@code service/NAME}, as of its breaker.
 *
 * <p>Keys of {@code where}: {@code database}, a name or a list of names (default: every one):
 * {@code database} is the agent's own, {@code source_NAME} that of a source, unless it is the same;
 * {@code every} (15s, 1s to 1h).
 *
 * <p>Keys of {@code enter}: {@code latency} (1s, 1ms to 5s) of a trivial query; {@code connections}
 * (90%): this share of all that an ordinary role may make to the server is taken; {@code waiting}
 * (5, 1 to 10000): so many calls of the agent wait for a connection of its pool; {@code lag} (1s to
 * 7d; not looked at unless given): a standby is so far behind; {@code no_statement_timeout}
 * (false): true: a session of the agent's role has no {@code statement_timeout} unless it asks for
 * one. One of them is enough, and so is a server that gives no connection.
 *
 * <p>Keys of {@code leave}: {@code latency} and {@code lag} (half of those of enter), {@code
 * connections} (80%); for the others, what is not there is gone.
 *
 * <p>A look makes a connection of its own. While the host or the agent starves nothing is known:
 * what is slow then may be the agent. Weakness: a role of workers can have another {@code
 * statement_timeout} than that of the agent; set it for the database, and it holds for both.
 */
final class DatabaseSick implements Symptom {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration MILLI = Duration.ofMillis(1);

  @Override
  public String name() {
    return "database_sick";
  }

  @Override
  public String description() {
    return "a database is slow, nearly out of connections, behind, or without limits";
  }

  /**
   * One pair of thresholds.
   *
   * @param lag empty: not looked at
   */
  record Bounds(Duration latency, double connections, Optional<Duration> lag) {}

  /** When it is there, and when it is gone. */
  record Limits(Bounds enter, Bounds leave, int waiting, boolean needsTimeout) {}

  @Override
  public Make read(Section where, Section enter, Section leave) {
    List<String> names = where.texts("database", List.of());
    Duration every = where.duration("every", Duration.ofSeconds(15), SECOND, Duration.ofHours(1));
    Optional<Duration> lag =
        enter.has("lag")
            ? Optional.of(enter.duration("lag", WEEK, SECOND, WEEK))
            : Optional.empty();
    Bounds in =
        new Bounds(
            enter.duration("latency", SECOND, MILLI, Duration.ofSeconds(5)),
            enter.share("connections", 0.9),
            lag);
    Duration half = lag.orElse(WEEK).dividedBy(2);
    Duration lagLeft = leave.duration("lag", half, Duration.ZERO, WEEK);
    Bounds out =
        new Bounds(
            leave.duration("latency", in.latency().dividedBy(2), Duration.ZERO, in.latency()),
            leave.share("connections", Math.min(0.8, in.connections())),
            lag.map(any -> lagLeft));
    if (out.connections() > in.connections()) {
      leave.reject("connections", "is more than enter.connections", "write less");
    }
    if (lag.filter(most -> lagLeft.compareTo(most) > 0).isPresent()) {
      leave.reject("lag", "is longer than enter.lag", "write less");
    }
    Limits limits =
        new Limits(
            in,
            out,
            enter.integer("waiting", 5, 1, 10_000),
            enter.flag("no_statement_timeout", false));
    return () -> new DatabaseDetector(names, every, limits);
  }
}
