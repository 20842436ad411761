package io.selfheal.job;

import java.util.List;
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
  }

  /** Values of the state column, as texts. */
  record States(String ready, List<String> running, String failed, @Nullable String deadLetter) {
    /** Copies the list. */
    States {
      running = List.copyOf(running);
    }
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
  public boolean hasDeadLetters() {
    return states.deadLetter() != null;
  }

  /** A time without a zone may be of any: the database's now() is of the one that it is set to. */
  private Statements statements(Catalog catalog, Reach reach) {
    Statements made = new TableSql(this, catalog, reach).statements();
    boolean zoned =
        Stream.of(columns.started(), columns.heartbeat())
            .filter(name -> name != null)
            .map(catalog.columns()::get)
            .allMatch(column -> column != null && column.base().endsWith("with time zone"));
    return zoned ? made : made.unsure();
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
}
