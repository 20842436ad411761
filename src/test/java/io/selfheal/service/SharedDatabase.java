package io.selfheal.service;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.store.Database;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.ReadyStore;
import io.selfheal.store.Store;
import io.selfheal.store.StoreConfig;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;

/** A database with the schema, as agents use it together. */
record SharedDatabase(PostgresUrl url, Database database) {
  static SharedDatabase open(Vertx vertx, Path directory) {
    PostgresUrl url = TestPostgres.freshDatabase();
    Bus bus = new Bus(vertx);
    Time time = new Time(InstantSource.system(), System::nanoTime);
    Store store = new Store(vertx, StoreConfig.with(url), directory, bus, time);
    Sharer.get(ReadyStore.deploy(vertx, store));
    return new SharedDatabase(url, store.database());
  }
}
