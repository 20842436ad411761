package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private final House house = new House();
  private final Path directory;

  StoreTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void keepsTheEmbeddedServerRunningAndStopsIt() throws Exception {
    Store store = new Store(house.vertx, StoreConfig.defaults(), directory, house.bus, House.TIME);
    EmbeddedPostgres postgres = EmbeddedPostgres.in(directory);
    try {
      assertInstanceOf(DatabaseUnavailable.class, House.failure(one(store)));
      String id = House.get(house.vertx.deployVerticle(store));
      status(Status.HEALTHY);
      assertEquals(1, House.get(one(store)));

      long pid = Postmaster.find(directory.resolve("postgres/data")).orElseThrow().pid();
      assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly());

      status(Status.UNAVAILABLE);
      status(Status.HEALTHY);
      assertEquals(1, House.get(one(store)));
      House.get(house.vertx.undeploy(id));
      assertFalse(postgres.running());
    } finally {
      postgres.stop();
    }
  }

  @Test
  void startsWithoutItsDatabaseAndCatchesUp() throws Exception {
    EmbeddedPostgres server = TestPostgres.ownServer(directory);
    PostgresUrl url = server.start();
    server.stop();
    Store store = new Store(house.vertx, StoreConfig.with(url), directory, house.bus, House.TIME);

    House.get(house.vertx.deployVerticle(store));
    assertTrue(status(Status.UNAVAILABLE).detail().contains("refused"));
    assertInstanceOf(DatabaseUnavailable.class, House.failure(one(store)));

    try {
      server.start();
      status(Status.HEALTHY);
      assertEquals(1, House.get(one(store)));
      server.stop();
      // Nobody uses it: the store finds out by itself.
      status(Status.UNAVAILABLE);
      server.start();
      status(Status.HEALTHY);
    } finally {
      server.stop();
    }
  }

  private ComponentEvent.Changed status(Status status) throws InterruptedException {
    return house.await(ComponentEvent.Changed.class, event -> event.status() == status);
  }

  private static io.vertx.core.Future<Integer> one(Store store) {
    return store
        .database()
        .use(
            pool ->
                pool.query("SELECT 1").execute().map(rows -> rows.iterator().next().getInteger(0)));
  }
}
