package io.selfheal.demo;

import io.selfheal.store.EmbeddedPostgres;
import io.selfheal.store.PostgresUrl;
import java.io.IOException;
import java.nio.file.Path;

/** The demo's PostgreSQL: stopped and started again at will, and once it is over never again. */
final class DemoPostgres {
  private final EmbeddedPostgres server;
  private boolean over;

  DemoPostgres(Path directory) {
    server = EmbeddedPostgres.in(directory);
  }

  synchronized PostgresUrl start() throws IOException {
    if (over) {
      throw new IOException("the demo is ending");
    }
    return server.start();
  }

  synchronized void stop() {
    server.stop();
  }

  synchronized void end() {
    over = true;
    server.stop();
  }
}
