package io.selfheal;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.cli.Cli;
import io.selfheal.cli.Finding;
import io.selfheal.job.SourceCheck;
import io.selfheal.job.SourceConfig;
import io.selfheal.json.Json;
import io.selfheal.message.JobRequests.Source;
import io.selfheal.store.Checkup;
import io.selfheal.store.Checkup.Seen;
import io.selfheal.store.Databases;
import io.selfheal.store.EmbeddedPostgres;
import io.selfheal.store.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Looks at databases over connections of its own. Reads only, and starts nothing. */
final class DatabaseChecks {
  private static final String PART = "database";
  private static final long LIMIT_SECONDS = 30;

  private DatabaseChecks() {}

  /** The agent's own. */
  static Finding database(AgentConfig config) {
    Optional<PostgresUrl> url = url(config);
    if (url.isEmpty()) {
      return Finding.ok(PART, "the embedded PostgreSQL does not run: the agent starts it");
    }
    String kind = config.store().url().isPresent() ? "" : "embedded, ";
    return with(
        vertx ->
            await(
                Checkup.at(vertx, url.get())
                    .map(seen -> seen(url.get(), kind, seen))
                    .otherwise(failure -> unusable(failure))));
  }

  private static Finding unusable(Throwable failure) {
    return Finding.fail(
        PART,
        Cli.explain(failure).lines().findFirst().orElse("it cannot be used"),
        "see that PostgreSQL runs there, and that database.url is right");
  }

  private static Finding seen(PostgresUrl url, String kind, Seen seen) {
    String what =
        "%s%s answers: PostgreSQL %s%s, schema version %d of %d"
            .formatted(
                kind,
                url,
                seen.version(),
                seen.pooled() ? " behind a pooler" : "",
                seen.schema(),
                seen.newest());
    if (seen.standby() || seen.readOnly()) {
      String why = seen.standby() ? "a standby" : "read-only (default_transaction_read_only)";
      return Finding.fail(PART, what + "; it is " + why, "name the server that takes writes");
    }
    if (seen.schema() > seen.newest()) {
      return Finding.fail(PART, what, "update this program: a newer agent has migrated it");
    }
    return seen.schema() < seen.newest()
        ? Finding.warn(PART, what, "the agent migrates it at its start; or now: agent.sh migrate")
        : Finding.ok(PART, what);
  }

  /** Each source as an agent would tell it. */
  static List<JsonNode> sources(AgentConfig config) {
    return with(
        vertx -> {
          Time time = new Time(InstantSource.system(), System::nanoTime);
          Databases databases = new Databases(vertx, config.store(), new Bus(vertx), time);
          List<JsonNode> sources = new ArrayList<>();
          for (SourceConfig source : config.jobs().sources()) {
            source
                .database()
                .or(() -> url(config))
                .map(url -> SourceCheck.of(source, databases.open(source.name(), url)))
                .<Source>map(DatabaseChecks::await)
                .ifPresent(found -> sources.add(Json.tree(found)));
          }
          await(databases.close());
          return sources;
        });
  }

  /** Empty while the embedded server does not run. */
  private static Optional<PostgresUrl> url(AgentConfig config) {
    return config.store().url().or(() -> EmbeddedPostgres.in(config.dataDir()).present());
  }

  private static <T> T with(Function<Vertx, T> look) {
    Vertx vertx = Vertx.vertx();
    try {
      return look.apply(vertx);
    } finally {
      await(vertx.close());
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException("no answer within " + LIMIT_SECONDS + " s", late);
    }
  }
}
