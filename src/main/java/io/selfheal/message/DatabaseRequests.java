package io.selfheal.message;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the store answers about the databases that the agent uses. */
public final class DatabaseRequests {
  /** Whether calls of each database pass. */
  public static final Request<ListDatabases, Databases> LIST =
      new Request<>("database.list", ListDatabases.class, Databases.class);

  /** One look at each database, on a connection of its own. */
  public static final Request<Examine, Examined> EXAMINE =
      new Request<>("database.examine", Examine.class, Examined.class);

  /** Gives a database that is away new connections, and waits for its breaker to close. */
  public static final Request<Reset, ResetDone> RESET =
      new Request<>("database.reset", Reset.class, ResetDone.class);

  private DatabaseRequests() {}

  /** Asks for all of them. */
  public record ListDatabases() {}

  /**
   * All of them.
   *
   * @param databases the agent's own is first
   */
  public record Databases(List<State> databases) {
    /** Copies the list. */
    public Databases {
      databases = List.copyOf(databases);
    }
  }

  /**
   * One database.
   *
   * @param name of its breaker
   * @param away why calls are refused; null when they pass
   */
  public record State(String name, @Nullable String away) {}

  /** Asks for a look at databases; {@code names} empty: at all of them. */
  public record Examine(List<String> names) {
    /** Copies the list. */
    public Examine {
      names = List.copyOf(names);
    }
  }

  /** What was seen, one of each database that is known by that name. */
  public record Examined(List<Examination> databases) {
    /** Copies the list. */
    public Examined {
      databases = List.copyOf(databases);
    }
  }

  /**
   * What was seen of one database.
   *
   * @param problem why no connection could be made or used; null when it could
   * @param latency of a trivial query; null with a problem
   * @param calls calls of the agent that are under way
   * @param poolMax how many of them have a connection at most; the others wait for one
   * @param connections connections to the whole server; -1 with a problem
   * @param connectionsMost how many a role without privileges may make of them; -1 with a problem
   * @param statementTimeout what a session of the agent's role gets without asking: zero is no
   *     limit; null with a problem
   * @param replicationLag how far the replay of its standbys, or its own when it is one, is behind;
   *     of a standby that is cut off, since when it has heard of no transaction; null when there is
   *     none or the role may not see it
   * @param cutOff whether it is a standby that has lost its primary: it does not know what it lacks
   */
  public record Examination(
      String name,
      @Nullable String problem,
      @Nullable Duration latency,
      int calls,
      int poolMax,
      int connections,
      int connectionsMost,
      @Nullable Duration statementTimeout,
      @Nullable Duration replicationLag,
      boolean cutOff) {}

  /** Asks for new connections to one database. */
  public record Reset(String name) {}

  /** How it went. */
  public record ResetDone(Outcome outcome, String detail) {}
}
