package io.selfheal.store;

import io.selfheal.bus.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the embedded PostgreSQL running while the agent runs: starts it again when its process is
 * gone. One that a person stopped is left alone for a minute. Blocking; one call at a time.
 */
final class EmbeddedKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKeeper.class);
  private static final Duration RESPITE = Duration.ofMinutes(1);

  private final EmbeddedPostgres postgres;
  private final Time time;
  private @Nullable PostgresUrl url;
  private boolean ended;

  EmbeddedKeeper(EmbeddedPostgres postgres, Time time) {
    this.postgres = postgres;
    this.time = time;
  }

  /** Whether it ran and its process is gone, so that {@link #ensure()} will start it again. */
  synchronized boolean gone() {
    return url != null && !postgres.running() && respite().isEmpty();
  }

  /** Where it listens; it is started when need be. Fails with {@link StoreUnavailable}. */
  synchronized PostgresUrl ensure() {
    if (ended) {
      throw new StoreUnavailable(
          "use the embedded PostgreSQL",
          postgres.home(),
          "the agent is stopping",
          "start the agent again");
    }
    PostgresUrl present = url;
    if (present == null) {
      return started();
    }
    if (postgres.running()) {
      postgres.trimLog();
      return present;
    }
    Optional<Instant> stopped = respite();
    if (stopped.isPresent()) {
      throw new StoreUnavailable(
          "use the embedded PostgreSQL",
          postgres.home(),
          "it was stopped by hand at " + stopped.get(),
          "it is started again a minute after");
    }
    LOG.warn("The embedded PostgreSQL in {} is gone; starting it again", postgres.home());
    return started();
  }

  private Optional<Instant> respite() {
    return postgres.stoppedAt().filter(at -> time.now().isBefore(at.plus(RESPITE)));
  }

  /** Stops it; a look that comes late starts nothing any more. */
  synchronized void stop() {
    ended = true;
    postgres.stop();
  }

  private PostgresUrl started() {
    PostgresUrl fresh = postgres.start();
    url = fresh;
    return fresh;
  }
}
