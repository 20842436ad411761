package io.selfheal.job;

import io.selfheal.job.Layout.Reach;
import io.selfheal.job.PgTransactions.Step;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One source in PostgreSQL. Every call is one transaction with limits of its own, so that no sweep
 * can hold the database up. It fails with {@link SourceFailed}.
 */
final class PgSource {
  private static final String LOOK =
      "SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '5s'";
  private static final String COUNT =
      "SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '2s'";

  private final Layout layout;
  private final Reach reach;
  private final Database database;
  private final PgTransactions transactions;

  PgSource(SourceConfig config, Database database) {
    this.layout = config.layout();
    this.reach = config.reach();
    this.database = database;
    this.transactions = new PgTransactions(layout.table(), database);
  }

  /**
   * Jobs by state.
   *
   * @param oldestRunning null when none runs or the rows do not say
   */
  record Counts(Map<String, Long> jobs, @Nullable Duration oldestRunning) {}

  /**
   * Jobs that a worker could take now.
   *
   * @param oldest how long the oldest of them waits; null when there is none or the rows do not say
   */
  record Ready(long jobs, @Nullable Duration oldest) {}

  /** The name of the breaker of its database. */
  String database() {
    return database.name();
  }

  /** Who waits for locks in its database. */
  PgBackends backends() {
    return new PgBackends(database);
  }

  /** Who else writes in its database. */
  PgOtherWriters otherWriters() {
    return new PgOtherWriters(database);
  }

  /** Who locks rows of its jobs. */
  PgRowLocks locks() {
    return new PgRowLocks(transactions);
  }

  /** What changes its jobs where nobody else writes. */
  PgRescue quickRescue() {
    return PgRescue.quick(transactions);
  }

  /** What changes its jobs where others write, or may. */
  PgRescue gentleRescue() {
    return PgRescue.gentle(transactions);
  }

  /** Looks into the catalog. */
  Future<Probed> probe() {
    return transactions.transaction("look into the catalog for", LOOK, this::probe);
  }

  private Future<Probed> probe(SqlConnection connection) {
    PgWritable writable = new PgWritable(connection, layout.table());
    return writable
        .problem()
        .compose(
            problem ->
                problem.isPresent()
                    ? Future.succeededFuture(new Probed.Unfit(problem.get()))
                    : new PgCatalog(connection)
                        .read(layout.table(), layout.others())
                        .compose(catalog -> probe(connection, catalog)));
  }

  private Future<Probed> probe(SqlConnection connection, Catalog catalog) {
    return told(connection, catalog)
        .compose(probed -> new PgKey(connection).checked(layout, catalog, probed))
        .compose(found -> checked(connection, catalog, found));
  }

  /** What fits, with what tells the place of its jobs and who has their rows locked. */
  private Future<Probed> told(SqlConnection connection, Catalog catalog) {
    return switch (layout.probe(catalog, reach)) {
      case Probed.Fit(Statements made) ->
          connection
              .query(PlaceSql.TOLD)
              .execute()
              .map(rows -> made.placed(layout.table(), rows.iterator().next().getBoolean("told")))
              .map(placed -> placed.locking(RowLocksSql.of(layout, catalog)))
              .<Probed>map(Probed.Fit::new);
      case Probed.Unfit unfit -> Future.succeededFuture(unfit);
    };
  }

  private Future<Probed> checked(SqlConnection connection, Catalog catalog, Probed found) {
    return found instanceof Probed.Unfit
        ? Future.succeededFuture(found)
        : new PgChecks(connection)
            .problem(new Checks(layout, catalog))
            .map(problem -> problem.<Probed>map(Probed.Unfit::new).orElse(found));
  }

  /** Running jobs by id, without locks. */
  Future<List<Candidate>> find(Statements statements, @Nullable String after, int limit) {
    Step look =
        after == null
            ? new Step(statements.first(), Tuple.of(limit))
            : new Step(statements.next(), Tuple.of(limit, after));
    return transactions
        .atOnce("look for running jobs in", LOOK, List.of(look))
        .map(answers -> PgCandidates.of(answers.getFirst()));
  }

  /** Reads the whole table: for a slow tick only. */
  Future<Counts> count(Statements statements) {
    return transactions
        .atOnce("count the jobs of", COUNT, List.of(new Step(statements.counts(), Tuple.tuple())))
        .map(answers -> counts(answers.getFirst()));
  }

  /** Reads at least all jobs that are ready: for a slow tick only. */
  Future<Ready> ready(String statement) {
    return transactions
        .atOnce("count the ready jobs of", COUNT, List.of(new Step(statement, Tuple.tuple())))
        .map(
            answers -> {
              Row row = answers.getFirst().iterator().next();
              Duration oldest = millis(row.getLong("waiting_ms"));
              boolean said = oldest != null && !oldest.isNegative();
              return new Ready(row.getLong("ready"), said ? oldest : null);
            });
  }

  private static Counts counts(RowSet<Row> rows) {
    Map<String, Long> jobs = new LinkedHashMap<>();
    Duration oldest = null;
    for (Row row : rows) {
      String state = row.getString("state");
      jobs.merge(state == null ? "(null)" : state, row.getLong("jobs"), Long::sum);
      Duration age = millis(row.getLong("oldest_ms"));
      if (age != null && !age.isNegative() && (oldest == null || age.compareTo(oldest) > 0)) {
        oldest = age;
      }
    }
    return new Counts(jobs, oldest);
  }

  private static @Nullable Duration millis(@Nullable Long millis) {
    return millis == null ? null : Duration.ofMillis(millis);
  }
}
