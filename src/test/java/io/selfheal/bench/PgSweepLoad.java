package io.selfheal.bench;

import io.selfheal.store.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Other transactions on the table while it is swept, and how long the sweep's own ones hold it. */
final class PgSweepLoad implements AutoCloseable {
  private static final int CLIENTS = 2;
  private static final int WATCH_MILLIS = 5;

  private static final String HELD =
      """
      SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start) * 1000), 0)
      FROM pg_stat_activity
      WHERE backend_xid IS NOT NULL AND datname = current_database()
        AND query LIKE '%FOR UPDATE OF t SKIP LOCKED%'""";

  private final SweepShape shape;
  private final PostgresUrl url;
  private final long quiet;
  private final AtomicLong done = new AtomicLong();
  private final List<CompletableFuture<Void>> clients = new ArrayList<>();
  private final AtomicLong longest = new AtomicLong();
  private volatile boolean ended;
  private volatile double held;

  /**
   * @param quiet ids up to this one never run
   */
  PgSweepLoad(SweepShape shape, PostgresUrl url, long quiet) {
    this.shape = shape;
    this.url = url;
    this.quiet = quiet;
  }

  /** Begins. */
  PgSweepLoad start() {
    for (int i = 0; i < CLIENTS; i++) {
      int seed = i;
      clients.add(CompletableFuture.runAsync(() -> work(seed), Thread::startVirtualThread));
    }
    clients.add(CompletableFuture.runAsync(this::watch, Thread::startVirtualThread));
    return this;
  }

  private void work(int seed) {
    Random random = new Random(seed);
    try (Connection connection = connect();
        PreparedStatement touch = connection.prepareStatement(shape.touch())) {
      while (!ended) {
        touch.setLong(1, 1 + random.nextLong(quiet));
        long begin = System.nanoTime();
        touch.executeUpdate();
        longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
        done.incrementAndGet();
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void watch() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      while (!ended) {
        try (ResultSet row = statement.executeQuery(HELD)) {
          row.next();
          held = Math.max(held, row.getDouble(1));
        }
        Thread.sleep(WATCH_MILLIS);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password().reveal());
  }

  /** Transactions a second over so many milliseconds. */
  double rate(long millis) throws InterruptedException {
    long before = done.get();
    long begin = System.nanoTime();
    Thread.sleep(millis);
    return (done.get() - before) * 1e9 / (System.nanoTime() - begin);
  }

  long done() {
    return done.get();
  }

  /**
   * The longest of its own transactions since it was asked last, in milliseconds: a disk that
   * stalls shows here.
   */
  double longest() {
    return longest.getAndSet(0) / 1e6;
  }

  /** The longest that a transaction of a sweep was seen with changes, in milliseconds. */
  double held() {
    return held;
  }

  @Override
  public void close() {
    ended = true;
    for (CompletableFuture<Void> client : clients) {
      client.join();
    }
  }
}
