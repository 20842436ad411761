package io.selfheal.store;

import io.selfheal.store.MigrationFailed.Reason;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** One run of Flyway. Blocking. Its own class, so that Flyway is loaded only when it runs. */
final class FlywayRun {
  private static final String LIMITS = "&connectTimeout=5&socketTimeout=300";

  private FlywayRun() {}

  /** What was applied. Flyway holds an advisory lock, so that several agents take turns. */
  static List<String> migrate(PostgresUrl url) {
    try {
      return Flyway.configure(FlywayRun.class.getClassLoader())
          .dataSource(url.jdbcUrl() + LIMITS, url.user(), url.password().reveal())
          .initSql("SET lock_timeout = '30s'")
          .schemas(Migrations.SCHEMA)
          .table(Migrations.HISTORY)
          .locations("classpath:" + MigrationScripts.LOCATION)
          .validateMigrationNaming(true)
          .load()
          .migrate()
          .migrations
          .stream()
          .map(migration -> migration.version + " " + migration.description)
          .toList();
    } catch (FlywayException failure) {
      throw explained(url, failure);
    }
  }

  private static MigrationFailed explained(PostgresUrl url, FlywayException failure) {
    Optional<SQLException> cause = sqlCause(failure);
    String state = cause.map(SQLException::getSQLState).orElse("");
    String why = cause.map(SQLException::getMessage).orElse(String.valueOf(failure.getMessage()));
    if (state.equals("42501")) {
      return Migrations.notPermitted(url, why, failure);
    }
    if (state.startsWith("08") || state.startsWith("57P")) {
      return new MigrationFailed(Reason.UNREACHABLE, url, why, "it is tried again", failure);
    }
    String hint = "nothing of that version was kept; mend the cause and migrate again";
    return new MigrationFailed(Reason.FAILED, url, why.strip(), hint, failure);
  }

  private static Optional<SQLException> sqlCause(Throwable failure) {
    @Nullable Throwable at = failure;
    while (at != null) {
      if (at instanceof SQLException found) {
        return Optional.of(found);
      }
      at = at.getCause();
    }
    return Optional.empty();
  }
}
