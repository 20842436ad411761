package io.selfheal.system;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A worker of the tests. Arguments: the directory in which a file {@code sick.PID} makes that one
 * process sick, what it does, and what it needs for that.
 */
public final class Toiler {
  private static final long PAUSE_NANOS = 250_000_000;
  private static final int GARBAGE = 1 << 20;
  private static final int HOARDED = 20;

  private final Path sick;
  private final String[] needs;

  private Toiler(Path directory, String[] needs) {
    this.sick = directory.resolve("sick." + ProcessHandle.current().pid());
    this.needs = needs;
  }

  /** The process itself. */
  public static void main(String[] arguments) throws Exception {
    Toiler toiler = new Toiler(Path.of(arguments[0]), arguments);
    switch (arguments[1]) {
      case "web" -> toiler.web();
      case "beat" -> toiler.beat();
      case "pool" -> toiler.pool();
      case "hoard" -> toiler.hoard();
      case "take" -> toiler.take();
      default -> throw new IllegalArgumentException(arguments[1]);
    }
  }

  private boolean sick() {
    return Files.exists(sick);
  }

  private static void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /** Answers every request: a port, seconds that it takes to start, whether it makes garbage. */
  private void web() throws IOException, InterruptedException {
    Thread.sleep(Long.parseLong(needs[3]) * 1000);
    CountDownLatch never = new CountDownLatch(1);
    HttpServer server = HttpServer.create(local(Integer.parseInt(needs[2])), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            if (sick()) {
              never.await();
            }
            exchange.sendResponseHeaders(204, -1);
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    boolean garbage = Boolean.parseBoolean(needs[4]);
    List<byte[]> kept = new ArrayList<>();
    while (true) {
      pause();
      for (int i = 0; garbage && i < 50; i++) {
        kept.add(new byte[GARBAGE]);
        if (kept.size() > 8) {
          kept.clear();
        }
      }
    }
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Sends heartbeats: an address, the file of the token, and what sickness stops. */
  private void beat() throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    boolean silent = needs[4].equals("silent");
    long done = 0;
    while (true) {
      pause();
      done += sick() ? 0 : 1;
      if (!silent || !sick()) {
        post(http, done);
      }
    }
  }

  private void post(HttpClient http, long done) throws IOException, InterruptedException {
    String body =
        "{\"pid\":%d,\"jobs\":[\"one\"],\"progress\":\"%d pages\"}"
            .formatted(ProcessHandle.current().pid(), done);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(needs[2]))
            .header("Authorization", "Bearer " + Files.readString(Path.of(needs[3])).strip())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      http.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException agentAway) {
      // It tries again.
    }
  }

  /** Stands between a port and a database's: two ports. */
  private void pool() throws IOException {
    ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(local(Integer.parseInt(needs[2])));
    Thread.ofVirtual().start(() -> accept(server, open));
    while (true) {
      pause();
      if (sick() && !server.isClosed()) {
        server.close();
        open.forEach(Toiler::close);
      }
    }
  }

  private void accept(ServerSocket server, ConcurrentLinkedQueue<Socket> open) {
    try {
      while (true) {
        Socket one = server.accept();
        Socket other = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(needs[3]));
        open.add(one);
        open.add(other);
        Thread.ofVirtual().start(() -> pour(one, other));
        Thread.ofVirtual().start(() -> pour(other, one));
      }
    } catch (IOException closed) {
      // It is sick, and takes no more.
    }
  }

  private static void pour(Socket from, Socket into) {
    try (InputStream in = from.getInputStream();
        OutputStream out = into.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException closed) {
      // Either end may go.
    } finally {
      close(from);
      close(into);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // That is what was wanted.
    }
  }

  /** Makes far more connections than it needs: a URL for JDBC. */
  private void hoard() throws SQLException {
    List<Connection> held = new ArrayList<>();
    while (true) {
      pause();
      while (sick() && held.size() < HOARDED) {
        held.add(DriverManager.getConnection(needs[2]));
      }
    }
  }

  /** Takes ready jobs, so many at a time: a URL for JDBC, a table, how many. */
  private void take() throws SQLException {
    String some =
        "UPDATE %1$s SET state = 'done' WHERE id IN (SELECT id FROM %1$s WHERE state = 'ready'"
            + " ORDER BY id LIMIT %2$s FOR UPDATE SKIP LOCKED)";
    try (Connection connection = DriverManager.getConnection(needs[2]);
        Statement statement = connection.createStatement()) {
      while (true) {
        pause();
        // A sick one works on a job that takes long, and takes no other.
        if (!sick()) {
          statement.executeUpdate(some.formatted(needs[3], needs[4]));
        }
      }
    }
  }
}
