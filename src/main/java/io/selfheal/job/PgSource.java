package io.selfheal.job;

import io.selfheal.job.Layout.Reach;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

  /**
   * Rows are never waited for; a lock on the table, or a trigger's, is, but not for long. The
   * commit does not wait for the disk, so that row locks are held shortly: should the server crash
   * in that moment, the jobs are stuck as before and rescued again, and a worker that has taken one
   * in between has made its rescue durable with its own commit.
   */
  private static final String RESCUE =
      "SET LOCAL lock_timeout = '500ms'; SET LOCAL statement_timeout = '10s';"
          + " SET LOCAL synchronous_commit = off";

  /** Below 16384 are the server's own tables, in which its vacuum writes. */
  private static final String OTHERS =
      """
      SELECT EXISTS (
        SELECT FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
        WHERE l.locktype = 'relation' AND l.mode = 'RowExclusiveLock' AND l.relation >= 16384
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND a.application_name IS DISTINCT FROM current_setting('application_name')) AS others""";

  private final Layout layout;
  private final Reach reach;
  private final Database database;

  PgSource(SourceConfig config, Database database) {
    this.layout = config.layout();
    this.reach = config.reach();
    this.database = database;
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

  private record Step(String sql, Tuple arguments) {}

  /** The name of the breaker of its database. */
  String database() {
    return database.name();
  }

  /** Who waits for locks in its database. */
  PgBackends backends() {
    return new PgBackends(database);
  }

  /** Looks into the catalog. */
  Future<Probed> probe() {
    return transaction("look into the catalog for", LOOK, this::probe);
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
                        .map(catalog -> layout.probe(catalog, reach)));
  }

  /** Running jobs by id, without locks. */
  Future<List<Candidate>> find(Statements statements, @Nullable String after, int limit) {
    Step look =
        after == null
            ? new Step(statements.first(), Tuple.of(limit))
            : new Step(statements.next(), Tuple.of(limit, after));
    return atOnce("look for running jobs in", LOOK, List.of(look))
        .map(answers -> PgCandidates.of(answers.getFirst()));
  }

  /** Changes the jobs that are still as they were read, all in one transaction; answers which. */
  Future<Set<String>> rescue(Statements statements, List<Judgement> jobs) {
    Map<Effect, List<Candidate>> byEffect = new EnumMap<>(Effect.class);
    for (Judgement job : jobs) {
      byEffect.computeIfAbsent(job.effect(), effect -> new ArrayList<>()).add(job.job());
    }
    List<Step> steps = new ArrayList<>();
    byEffect.forEach((effect, of) -> steps.addAll(steps(statements, effect, of)));
    return atOnce("rescue jobs of", RESCUE, steps).map(PgSource::changed);
  }

  private static List<Step> steps(
      Statements statements, Effect effect, List<Candidate> candidates) {
    Step rescue = new Step(rescue(statements, effect), arguments(candidates));
    String guard = statements.guard();
    return guard == null
        ? List.of(rescue)
        : List.of(new Step(guard, Tuple.tuple().addArrayOfString(ids(candidates))), rescue);
  }

  /** A guard answers no ids. */
  private static Set<String> changed(List<RowSet<Row>> answers) {
    Set<String> changed = new HashSet<>();
    for (RowSet<Row> rows : answers) {
      int id = rows.columnsNames() == null ? -1 : rows.columnsNames().indexOf("id");
      if (id >= 0) {
        rows.forEach(row -> changed.add(row.getString(id)));
      }
    }
    return changed;
  }

  private static String rescue(Statements statements, Effect effect) {
    String sql = statements.rescues().get(effect);
    if (sql == null) {
      throw new IllegalStateException("this source has no way to " + effect);
    }
    return sql;
  }

  private static Tuple arguments(List<Candidate> jobs) {
    return Tuple.tuple()
        .addArrayOfString(ids(jobs))
        .addArrayOfString(jobs.stream().map(Candidate::claim).toArray(String[]::new))
        .addArrayOfString(jobs.stream().map(Candidate::sign).toArray(String[]::new));
  }

  private static String[] ids(List<Candidate> jobs) {
    return jobs.stream().map(Candidate::id).toArray(String[]::new);
  }

  /** Reads the whole table: for a slow tick only. */
  Future<Counts> count(Statements statements) {
    return atOnce("count the jobs of", COUNT, List.of(new Step(statements.counts(), Tuple.tuple())))
        .map(answers -> counts(answers.getFirst()));
  }

  /** Reads at least all jobs that are ready: for a slow tick only. */
  Future<Ready> ready(String statement) {
    return atOnce("count the ready jobs of", COUNT, List.of(new Step(statement, Tuple.tuple())))
        .map(
            answers -> {
              Row row = answers.getFirst().iterator().next();
              Duration oldest = millis(row.getLong("waiting_ms"));
              boolean said = oldest != null && !oldest.isNegative();
              return new Ready(row.getLong("ready"), said ? oldest : null);
            });
  }

  /** Whether somebody other than an agent has changed rows in this database and not yet ended. */
  Future<Boolean> othersWrite() {
    return database
        .use(pool -> pool.query(OTHERS).execute())
        .map(rows -> rows.iterator().next().getBoolean("others"));
  }

  /**
   * All of one transaction in one message to the server, which answers in one: an idle look is
   * little but such messages, and rows stay locked while one is on its way. When a step fails, the
   * server leaves out the others and makes the commit a rollback.
   */
  private Future<List<RowSet<Row>>> atOnce(String doing, String limits, List<Step> steps) {
    return database
        .use(pool -> pool.withConnection(connection -> sent(connection, limits, steps)))
        .recover(failure -> Future.failedFuture(PgFailure.explain(doing, layout.table(), failure)));
  }

  private static Future<List<RowSet<Row>>> sent(
      SqlConnection connection, String limits, List<Step> steps) {
    List<Future<RowSet<Row>>> sent = new ArrayList<>();
    sent.add(connection.query("BEGIN; " + limits).execute());
    steps.forEach(step -> sent.add(connection.preparedQuery(step.sql()).execute(step.arguments())));
    sent.add(connection.query("COMMIT").execute());
    return Future.join(sent)
        .transform(
            ended -> {
              Optional<Future<RowSet<Row>>> failed =
                  sent.stream().filter(Future::failed).findFirst();
              return failed.isPresent()
                  ? Future.failedFuture(failed.get().cause())
                  : Future.succeededFuture(
                      sent.subList(1, sent.size() - 1).stream().map(Future::result).toList());
            });
  }

  /** Where one answer decides what is asked next. */
  private <T> Future<T> transaction(
      String doing, String limits, Function<SqlConnection, Future<T>> work) {
    return database
        .use(
            pool ->
                pool.withConnection(
                    connection ->
                        connection
                            .query("BEGIN; " + limits)
                            .execute()
                            .compose(begun -> work.apply(connection))
                            .compose(
                                done -> connection.query("COMMIT").execute().map(done),
                                failure -> rolledBack(connection, failure))))
        .recover(failure -> Future.failedFuture(PgFailure.explain(doing, layout.table(), failure)));
  }

  /** When that fails, too, the connection is broken, and the server has rolled back by itself. */
  private static <T> Future<T> rolledBack(SqlConnection connection, Throwable failure) {
    return connection.query("ROLLBACK").execute().transform(end -> Future.failedFuture(failure));
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
