package io.selfheal.store;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's own database. {@link #database()} can be handed out before this is deployed; until
 * PostgreSQL answers and the schema is up to date, its calls fail with {@link DatabaseUnavailable}.
 *
 * <p>Deploying waits for a first attempt, for at most 3 s, and succeeds whatever came of it: the
 * agent works without PostgreSQL, and this goes on trying every second.
 */
public final class Store extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Store.class);
  private static final String COMPONENT = "database";
  private static final Duration FIRST_ATTEMPT = Duration.ofSeconds(3);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int LONGEST_PAUSE_TICKS = 5;

  private final StoreConfig config;
  private final Bus bus;
  private final Databases databases;
  private final DatabaseDesk desk;
  private final PgDatabase database;
  private final @Nullable EmbeddedKeeper embedded;
  private final Migrations migrations;
  private final Ticker ticker;
  private final Promise<Void> firstAttempt = Promise.promise();
  private ComponentEvent.@Nullable Changed told;
  private @Nullable String healthy;
  private int failures;
  private int pause;

  /** With {@code dataDirectory} for the embedded PostgreSQL, when the configuration asks for it. */
  public Store(Vertx vertx, StoreConfig config, Path dataDirectory, Bus bus, Time time) {
    this.config = config;
    this.bus = bus;
    this.databases = new Databases(vertx, config, bus, time);
    this.desk = new DatabaseDesk(vertx, databases, config.poolMax(), bus, time);
    this.database = databases.later(COMPONENT, this::breakerMoved);
    this.embedded =
        config.url().isPresent()
            ? null
            : new EmbeddedKeeper(EmbeddedPostgres.in(dataDirectory), time);
    this.migrations = new Migrations(vertx);
    this.ticker = new Ticker(vertx, "store", TICK, this::tick);
  }

  /** The agent's own database; the same object before, during and after every outage. */
  public Database database() {
    return database;
  }

  /** Opens further databases, those of job sources. */
  public Databases databases() {
    return databases;
  }

  @Override
  public Future<?> start() {
    desk.open();
    ticker.start().hasten();
    return firstAttempt
        .future()
        .timeout(FIRST_ATTEMPT.toMillis(), TimeUnit.MILLISECONDS)
        .recover(slow -> tellSlow());
  }

  /** Preparing an embedded server takes longer, and so does one that never answers. */
  private Future<Void> tellSlow() {
    if (told == null) {
      String slow =
          config
              .url()
              .map(url -> url + " has not answered yet")
              .orElse("the embedded PostgreSQL is being prepared; the first time takes longer");
      LOG.info("The agent starts without its database: {}", slow);
      told = new ComponentEvent.Changed(COMPONENT, Status.UNAVAILABLE, slow);
      bus.publish(told);
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    ticker.stop();
    desk.close();
    return databases.close().eventually(this::stopEmbedded);
  }

  /** One look: is the server there, is the schema up to date, does it answer. */
  Future<?> tick() {
    if (pause > 0) {
      pause--;
      return Future.succeededFuture();
    }
    return server()
        .compose(this::look)
        .onSuccess(nothing -> failures = 0)
        .recover(this::failed)
        .onComplete(done -> firstAttempt.tryComplete());
  }

  private Future<PostgresUrl> server() {
    EmbeddedKeeper keeper = embedded;
    Optional<PostgresUrl> configured = config.url();
    if (keeper == null || configured.isPresent()) {
      return Future.succeededFuture(configured.orElseThrow());
    }
    return vertx
        .executeBlocking(keeper::gone, false)
        .onSuccess(this::tellIfGone)
        .compose(gone -> vertx.executeBlocking(keeper::ensure, false));
  }

  private void tellIfGone(boolean gone) {
    if (gone) {
      tell(Status.UNAVAILABLE, "the embedded PostgreSQL is gone; it is started again");
    }
  }

  private Future<Void> look(PostgresUrl url) {
    if (database.isAt(url)) {
      // What it finds goes to the breaker, and from there to breakerMoved.
      return database.pingIfIdle().otherwiseEmpty().onSuccess(nothing -> tellIfBack());
    }
    return migrations
        .migrate(url)
        .map(
            report -> {
              database.connect(url);
              healthy = url + ", schema version " + report.after();
              tell(Status.HEALTHY, healthy);
              return null;
            });
  }

  /** The server may have come back before the breaker had opened. */
  private void tellIfBack() {
    if (database.available()) {
      tell(Status.HEALTHY, String.valueOf(healthy));
    }
  }

  private Future<Void> failed(Throwable failure) {
    failures++;
    pause = Math.min(failures - 1, LONGEST_PAUSE_TICKS);
    String reason = String.valueOf(failure.getMessage());
    database.notYet(reason);
    boolean hopeless =
        failure instanceof MigrationFailed migration
            && migration.reason() != MigrationFailed.Reason.UNREACHABLE;
    tell(hopeless ? Status.ERROR : Status.UNAVAILABLE, reason);
    return Future.succeededFuture();
  }

  /** On whatever thread the breaker moved. */
  private void breakerMoved(@Nullable String cause) {
    context.runOnContext(
        nothing -> {
          if (cause == null) {
            tell(Status.HEALTHY, String.valueOf(healthy));
            return;
          }
          boolean alreadyKnown = told != null && told.status() != Status.HEALTHY;
          if (!alreadyKnown) {
            tell(Status.UNAVAILABLE, cause);
          }
        });
  }

  private void tell(Status status, String detail) {
    ComponentEvent.Changed now = new ComponentEvent.Changed(COMPONENT, status, detail);
    if (now.equals(told)) {
      return;
    }
    told = now;
    if (status == Status.HEALTHY) {
      LOG.info("The database is ready: {}", detail);
    } else {
      LOG.error("The database is not ready; trying again: {}", detail);
    }
    bus.publish(now);
  }

  private Future<Void> stopEmbedded() {
    EmbeddedKeeper keeper = embedded;
    if (keeper == null) {
      return Future.succeededFuture();
    }
    return vertx.executeBlocking(
        () -> {
          keeper.stop();
          return null;
        },
        false);
  }
}
