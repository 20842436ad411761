package io.selfheal.store;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The databases of an agent: one pool and one breaker for each URL, whoever asks for it. */
public final class Databases {
  private final Vertx vertx;
  private final StoreConfig config;
  private final Bus bus;
  private final Time time;
  private final List<PgDatabase> databases = new ArrayList<>();

  /** None yet. The limits of {@code config} hold for all of them. */
  public Databases(Vertx vertx, StoreConfig config, Bus bus, Time time) {
    this.vertx = vertx;
    this.config = config;
    this.bus = bus;
    this.time = time;
  }

  /**
   * A database by its URL. Does not connect, so it cannot fail; the first use connects.
   *
   * @param name for its breaker, unless the database is already open under another name
   */
  public synchronized Database open(String name, PostgresUrl url) {
    for (PgDatabase present : databases) {
      if (present.isAt(url)) {
        return present;
      }
    }
    PgDatabase database = later(name, nothing -> {});
    database.connect(url);
    return database;
  }

  /** A database whose URL is not known yet. */
  synchronized PgDatabase later(String name, Consumer<@Nullable String> alsoTell) {
    PgDatabase database =
        new PgDatabase(vertx, name, config, time, new BreakerWatch(bus, alsoTell));
    databases.add(database);
    return database;
  }

  /** All of them, in the order in which they were opened. */
  synchronized List<PgDatabase> all() {
    return List.copyOf(databases);
  }

  /** Closes all connections. */
  public synchronized Future<Void> close() {
    List<Future<Void>> closing = databases.stream().map(PgDatabase::close).toList();
    databases.clear();
    return Future.join(closing).mapEmpty();
  }
}
