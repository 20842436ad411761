package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.api.ApiConfig.At;
import io.selfheal.api.ApiConfig.Auto;
import io.selfheal.api.ApiConfig.Off;
import io.selfheal.api.ApiConfig.SocketPlace;
import io.selfheal.api.Running.Answer;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.Forwarded;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting and stopping: ports, the socket's file, who may use it. */
class StartTest {
  @TempDir private Path dir;
  private Running running;

  @BeforeEach
  void start() throws Exception {
    running = new Running(dir);
  }

  @AfterEach
  void stop() throws Exception {
    running.close();
  }

  private HttpApi other(ApiConfig config, Path dataDir) {
    Mounts mounts =
        new Mounts(
            c -> {},
            (request, service, rest) -> Future.succeededFuture(new Forwarded.Answered()),
            c -> {},
            c -> {},
            c -> {});
    return new HttpApi(
        config, dataDir, mounts, running.bus, Running.time(), dir.resolve("run"), 60);
  }

  private static ApiConfig config(int port, SocketPlace socket) {
    return new ApiConfig("127.0.0.1", port, List.of(), false, socket);
  }

  private String refused(HttpApi api) {
    return String.valueOf(
        assertThrows(
                ExecutionException.class, () -> Running.await(running.vertx.deployVerticle(api)))
            .getCause()
            .getMessage());
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aTakenPortIsNamedWithTheWayOut() {
    String message = refused(other(config(running.api.port(), new Off()), dir.resolve("second")));
    assertTrue(message.startsWith("cannot listen on " + running.api.url() + ": "), message);
    assertTrue(message.contains("in use") && message.contains("agent.http.port"), message);
  }

  @Test
  void whatItDoesIsPublished() throws Exception {
    Promise<ComponentEvent.Changed> seen = Promise.promise();
    running.bus.onEvent(
        event -> {
          if (event instanceof ComponentEvent.Changed changed) {
            seen.tryComplete(changed);
          }
        });
    HttpApi api = other(config(0, new Off()), dir.resolve("second"));
    Running.await(running.vertx.deployVerticle(api));
    assertEquals(
        new ComponentEvent.Changed("api", Status.HEALTHY, "listening on " + api.url()),
        Running.await(seen.future()));
    assertEquals(Optional.empty(), api.socket());
  }

  @Test
  void theSocketIsTheOwnersAndGoesWithTheAgent() throws Exception {
    Path socket = running.api.socket().orElseThrow();
    assertEquals(dir.resolve("selfheal.sock"), socket);
    assertEquals("rw-------", mode(socket));
    Running.await(running.vertx.undeploy(running.api.deploymentID()));
    assertFalse(Files.exists(socket));
  }

  @Test
  void anAnsweringSocketIsLeftAlone() throws Exception {
    Path socket = running.api.socket().orElseThrow();
    String message = refused(other(config(0, new At(socket)), dir.resolve("second")));
    assertTrue(message.contains("another agent answers on " + socket), message);
    assertEquals(200, Running.raw(running.unix(), get("/health/live")).status());
  }

  @Test
  void aLeftSocketIsReplaced() throws Exception {
    Path left = dir.resolve("left.sock");
    ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    killed.bind(UnixDomainSocketAddress.of(left));
    killed.close();
    assertTrue(Files.exists(left));
    HttpApi api = other(config(0, new At(left)), dir.resolve("second"));
    Running.await(running.vertx.deployVerticle(api));
    assertEquals(200, Running.raw(UnixDomainSocketAddress.of(left), get("/api/v1/agent")).status());
    assertEquals("rw-rw----", mode(left));
  }

  @Test
  void aFileThatIsNoSocketIsNotRemoved() throws Exception {
    Path file = Files.writeString(dir.resolve("mine.txt"), "mine");
    String message = refused(other(config(0, new At(file)), dir.resolve("second")));
    assertTrue(message.contains("is not a socket"), message);
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void aFolderThatIsNotThere() {
    Path path = dir.resolve("none/x.sock");
    String message = refused(other(config(0, new At(path)), dir.resolve("second")));
    assertTrue(message.startsWith("cannot listen on " + path), message);
    assertTrue(message.contains("agent.socket"), message);
  }

  @Test
  void theRuntimeFolderComesFirst() throws Exception {
    Files.createDirectory(dir.resolve("run"));
    HttpApi api = other(config(0, new Auto()), dir.resolve("second"));
    Running.await(running.vertx.deployVerticle(api));
    assertEquals(Optional.of(dir.resolve("run/selfheal.sock")), api.socket());
    assertEquals("rw-rw----", mode(dir.resolve("run/selfheal.sock")));
    HttpApi third = other(config(0, new Auto()), dir.resolve("third"));
    Running.await(running.vertx.deployVerticle(third));
    assertEquals(Optional.of(dir.resolve("third/selfheal.sock")), third.socket());
  }

  @Test
  void aDataDirectoryTooDeepForASocketHasNone() throws Exception {
    HttpApi api = other(config(0, new Auto()), dir.resolve("x".repeat(100)));
    Running.await(running.vertx.deployVerticle(api));
    assertEquals(Optional.empty(), api.socket());
  }

  @Test
  void overTheSocketAnyHostMayReadAndBeatAndNobodyChangesWithoutToken() throws Exception {
    Answer read = Running.raw(running.unix(), get("/api/v1/healing"));
    assertEquals(200, read.status());
    Answer beat =
        Running.raw(
            running.unix(),
            running.request(
                "POST",
                "/api/v1/workers/images/heartbeat",
                "{}",
                "Host: localhost",
                "Content-Type: application/json"));
    assertEquals(200, beat.status());
    Answer pause =
        Running.raw(
            running.unix(),
            running.request("POST", "/api/v1/healing/pause", "{}", "Host: localhost"));
    assertEquals(401, pause.status());
    Answer foreign =
        Running.raw(
            running.unix(),
            running.request(
                "POST",
                "/api/v1/workers/images/heartbeat",
                "{}",
                "Host: localhost",
                "Origin: http://evil.example"));
    assertEquals(403, foreign.status());
  }

  private String get(String target) {
    return running.request("GET", target, "", "Host: anything");
  }

  @Test
  void beyondThisMachineReadingNeedsTheTokenToo() throws Exception {
    Path second = dir.resolve("second");
    HttpApi api = other(new ApiConfig("0.0.0.0", 0, List.of(), true, new Off()), second);
    Running.await(running.vertx.deployVerticle(api));
    String token = Files.readString(second.resolve("token")).strip();
    java.net.SocketAddress address =
        new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), api.port());
    for (String target : List.of("/api/v1/healing", "/api/v1/events/ws", "/metrics")) {
      assertEquals(
          401,
          Running.raw(address, running.request("GET", target, "", "Host: localhost")).status());
    }
    String shown = "Authorization: Bearer " + token;
    assertEquals(
        200,
        Running.raw(
                address, running.request("GET", "/api/v1/healing", "", "Host: localhost", shown))
            .status());
  }
}
