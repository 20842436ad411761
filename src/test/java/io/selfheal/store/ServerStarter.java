package io.selfheal.store;

import java.io.IOException;
import java.nio.file.Path;

/** A process of its own that starts the server of a directory, says so, and waits to be killed. */
final class ServerStarter {
  private ServerStarter() {}

  public static void main(String[] arguments) throws IOException {
    PostgresUrl url = TestPostgres.ownServer(Path.of(arguments[0])).start();
    System.out.println("url " + url.reveal());
    System.in.read();
  }
}
