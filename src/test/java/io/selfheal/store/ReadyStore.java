package io.selfheal.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Deploys a store for a test that needs its database: by itself it is deployed after 3 s, whether
 * or not PostgreSQL and the migrations were that quick.
 */
public final class ReadyStore {
  private static final Duration AGAIN = Duration.ofMillis(20);

  private ReadyStore() {}

  /** The id of the deployment, once the schema is there and the database answers. */
  public static Future<String> deploy(Vertx vertx, Store store) {
    return vertx
        .deployVerticle(store)
        .compose(id -> answers(vertx, store.database()).map(answered -> id));
  }

  private static Future<Void> answers(Vertx vertx, Database database) {
    return database
        .use(pool -> pool.query("SELECT 1").execute())
        .<Void>mapEmpty()
        .recover(
            away ->
                vertx
                    .timer(AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                    .compose(passed -> answers(vertx, database)));
  }
}
