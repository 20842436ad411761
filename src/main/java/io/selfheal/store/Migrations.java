package io.selfheal.store;

import io.selfheal.store.MigrationFailed.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema {@code selfheal} up to date. It first compares versions over the connection
 * that the agent has anyway; the migration library and JDBC are loaded only when the schema is
 * behind, for they cost memory that an agent otherwise does without.
 */
public final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
  static final String SCHEMA = "selfheal";
  static final String HISTORY = "flyway_schema_history";
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(10);
  private static final Set<String> NOTHING_THERE = Set.of("42P01", "3F000");
  private static final String NOT_PERMITTED = "42501";

  private final Vertx vertx;

  /** Ready to migrate any database. */
  public Migrations(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Migrates; fails with {@link MigrationFailed}. Safe when several agents do so at once. */
  public Future<MigrationReport> migrate(PostgresUrl url) {
    int newest;
    try {
      newest = MigrationScripts.newest();
    } catch (IOException failure) {
      return Future.failedFuture(
          new MigrationFailed(
              Reason.FAILED, url, failure.toString(), "the installation is damaged", failure));
    }
    return applied(url).compose(present -> bring(url, present, newest));
  }

  private Future<MigrationReport> bring(PostgresUrl url, int present, int newest) {
    if (present == newest) {
      return Future.succeededFuture(new MigrationReport(present, present, List.of()));
    }
    if (present > newest) {
      String why = "its version is " + present + ", and this agent knows versions up to " + newest;
      return Future.failedFuture(
          new MigrationFailed(Reason.SCHEMA_TOO_NEW, url, why, "update this agent"));
    }
    return Pooling.ofTransactions(vertx, url)
        .compose(pooled -> pooled ? Future.failedFuture(pooled(url)) : run(url, present, newest));
  }

  private static MigrationFailed pooled(PostgresUrl url) {
    return new MigrationFailed(
        Reason.POOLED,
        url,
        "a pooler there gives each transaction any session, and a migration would leave its"
            + " search_path in sessions of others",
        "migrate once over a direct connection, after each update of the agent:"
            + " SELFHEAL_DATABASE_URL=postgresql://user:password@host:5432/database"
            + " ./agent.sh migrate; the agent then goes on by itself");
  }

  private Future<MigrationReport> run(PostgresUrl url, int present, int newest) {
    return vertx
        .executeBlocking(() -> FlywayRun.migrate(url), false)
        .map(applied -> new MigrationReport(present, newest, applied))
        .onSuccess(report -> told(url, report));
  }

  private static void told(PostgresUrl url, MigrationReport report) {
    if (!report.applied().isEmpty()) {
      LOG.info("Migrated schema {} in {}: {}", SCHEMA, url, report.applied());
    }
  }

  /** The highest version that was applied; 0 when there is nothing yet. */
  Future<Integer> applied(PostgresUrl url) {
    return Pools.connect(vertx, url, LOOK_LIMIT)
        .compose(connection -> version(connection).eventually(() -> connection.close()))
        .timeout(LOOK_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> whenAbsent(url, failure));
  }

  private static Future<Integer> version(SqlConnection connection) {
    return connection
        .query(
            "SELECT coalesce(max(version::int), 0) FROM "
                + (SCHEMA + "." + HISTORY)
                + " WHERE success AND version ~ '^[0-9]{1,9}$'")
        .execute()
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  private static Future<Integer> whenAbsent(PostgresUrl url, Throwable failure) {
    if (failure instanceof PgException objection
        && NOTHING_THERE.contains(objection.getSqlState())) {
      return Future.succeededFuture(0);
    }
    if (failure instanceof PgException objection && NOT_PERMITTED.equals(objection.getSqlState())) {
      return Future.failedFuture(notPermitted(url, Infrastructure.explain(objection), objection));
    }
    String why = Infrastructure.explain(failure);
    if (Infrastructure.isAway(failure)) {
      String hint = "see that PostgreSQL runs there, and that user and password are right";
      return Future.failedFuture(new MigrationFailed(Reason.UNREACHABLE, url, why, hint, failure));
    }
    return Future.failedFuture(
        new MigrationFailed(Reason.FAILED, url, why, "look at the cause", failure));
  }

  static MigrationFailed notPermitted(PostgresUrl url, String why, Throwable cause) {
    String user = '"' + url.user().replace("\"", "\"\"") + '"';
    String database = '"' + url.database().replace("\"", "\"\"") + '"';
    String hint =
        "let its owner run: GRANT CREATE ON DATABASE %s TO %s; and, if the schema is there: GRANT ALL ON SCHEMA %s TO %s;"
            .formatted(database, user, SCHEMA, user);
    return new MigrationFailed(Reason.NOT_PERMITTED, url, why, hint, cause);
  }
}
