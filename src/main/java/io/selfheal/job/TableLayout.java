package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A mapped table: which columns mean what. Pure. */
record TableLayout(TableName table, Columns columns, States states) implements Layout {
  /** Column names, exactly as they are; null for what the table does not have. */
  record Columns(
      String id,
      String state,
      @Nullable String started,
      @Nullable String heartbeat,
      @Nullable String attempts,
      @Nullable String holder,
      @Nullable String queued) {
    Stream<String> all() {
      return Stream.of(id, state, started, heartbeat, attempts, holder, queued)
          .filter(name -> name != null)
          .map(String::valueOf);
    }

    /** What a rescue writes. */
    Stream<String> written() {
      return Stream.of(state, started, heartbeat, holder)
          .filter(name -> name != null)
          .map(String::valueOf);
    }

    /** What becomes null when a job is queued again: what may. */
    Stream<String> emptied(Catalog catalog) {
      return written().filter(name -> !name.equals(state) && !catalog.column(name).notNull());
    }
  }

  /** Values of the state column, as texts. */
  record States(String ready, List<String> running, String failed, @Nullable String deadLetter) {
    /** Copies the list. */
    States {
      running = List.copyOf(running);
    }
  }

  @Override
  public List<String> key() {
    return List.of(columns.id());
  }

  @Override
  public boolean hasHolder() {
    return columns.holder() != null;
  }

  @Override
  public boolean hasHeartbeat() {
    return columns.heartbeat() != null;
  }

  @Override
  public boolean hasTimes() {
    return columns.started() != null || hasHeartbeat();
  }

  /** The column is the application's own: it may well have a port after the host. */
  @Override
  public boolean holderFormatKnown() {
    return false;
  }

  @Override
  public boolean hasDeadLetters() {
    return states.deadLetter() != null;
  }

  /** Attempts that are kept would have it given up again. */
  @Override
  public String afterwards(Effect effect, String id) {
    String deadLetter = states.deadLetter();
    String state =
        effect == Effect.DEAD_LETTER && deadLetter != null ? deadLetter : states.failed();
    String attempts = columns.attempts();
    return "it is then %s in %s; UPDATE %s SET %s = %s%s WHERE %s = %s brings it back"
        .formatted(
            state,
            table,
            table.sql(),
            Sql.name(columns.state()),
            Sql.text(states.ready()),
            attempts == null ? "" : ", " + Sql.name(attempts) + " = 0",
            Sql.name(columns.id()),
            Afterwards.literal(id));
  }

  /** A job that fails keeps all but its state. */
  @Override
  public List<Change> changes(Catalog catalog) {
    List<Change> changes = new ArrayList<>();
    Map<String, Optional<String>> ready = new HashMap<>();
    columns.emptied(catalog).forEach(name -> ready.put(name, Optional.empty()));
    ready.put(columns.state(), Optional.of(states.ready()));
    changes.add(new Change("states.ready", ready));
    states.running().forEach(running -> changes.add(to("states.running", running)));
    changes.add(to("states.failed", states.failed()));
    String deadLetter = states.deadLetter();
    if (deadLetter != null) {
      changes.add(to("states.dead_letter", deadLetter));
    }
    return changes;
  }

  private Change to(String key, String state) {
    return new Change(key, Map.of(columns.state(), Optional.of(state)));
  }

  @Override
  public Optional<String> taken() {
    return Optional.ofNullable(columns.started());
  }

  @Override
  public Probed probe(Catalog catalog, Reach reach) {
    return new TableFitness(this, catalog)
        .problem()
        .<Probed>map(Probed.Unfit::new)
        .orElseGet(() -> new Probed.Fit(statements(catalog, reach)));
  }

  /** A time without a zone may be of any: the database's now() is of the one that it is set to. */
  private Statements statements(Catalog catalog, Reach reach) {
    Statements made = new TableSql(this, catalog, reach).statements();
    boolean zoned =
        Stream.of(columns.started(), columns.heartbeat())
            .filter(name -> name != null)
            .map(catalog.columns()::get)
            .allMatch(column -> column != null && Kind.ZONED.fits(column));
    return zoned ? made : made.unsure();
  }
}
