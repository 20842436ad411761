package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.api.Running.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The upgrade of the live feed. */
class WebSocketTest {
  private static final String FEED = "/api/v1/events/ws";

  @TempDir private Path dir;
  private Running running;
  private @Nullable WebSocketClient client;
  private @Nullable NetClient plain;

  @AfterEach
  void stop() throws Exception {
    if (client != null) {
      Running.await(client.close());
    }
    if (plain != null) {
      Running.await(plain.close());
    }
    running.close();
  }

  private void start(int idleSeconds) throws Exception {
    running = new Running(dir, Running.config(List.of()), idleSeconds, WebSocketTest::talk);
  }

  /** Forty-five frames, a tenth of a second apart, then the end. */
  private static void talk(RoutingContext context) {
    context.request().toWebSocket().onSuccess(socket -> talk(context.vertx(), socket, 0));
  }

  private static void talk(Vertx vertx, ServerWebSocket socket, int frame) {
    if (frame == 45) {
      socket.close();
      return;
    }
    socket.writeTextMessage("" + frame);
    vertx.setTimer(100, timer -> talk(vertx, socket, frame + 1));
  }

  /** The client is kept: one that nobody refers to is closed when the collector finds it. */
  private Future<WebSocket> connect(WebSocketClientOptions options, String origin) {
    client = running.vertx.createWebSocketClient(options);
    return client.connect(
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(running.api.port())
            .setURI(FEED)
            .addHeader("Origin", origin));
  }

  @Test
  void aForeignPageIsRefusedBeforeTheUpgrade() throws Exception {
    start(60);
    for (String origin : List.of("http://evil.example", "null", "http://localhost")) {
      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () -> Running.await(connect(new WebSocketClientOptions(), origin)));
      UpgradeRejectedException answer =
          assertInstanceOf(UpgradeRejectedException.class, refused.getCause());
      assertEquals(403, answer.getStatus());
      assertTrue(answer.getBody().toString().contains("foreign-origin"));
    }
  }

  @Test
  void whatIsNoUpgradeIsTold() throws Exception {
    start(60);
    Answer answer = running.get(FEED);
    assertEquals(426, answer.status());
    assertEquals("websocket", answer.header("Upgrade"));
  }

  @Test
  void theOwnPageIsUpgradedWithoutCompression() throws Exception {
    start(60);
    WebSocketClientOptions options =
        new WebSocketClientOptions().setTryUsePerMessageCompression(true);
    WebSocket socket = Running.await(connect(options, running.api.url()));
    assertFalse(socket.headers().contains("Sec-WebSocket-Extensions"));
  }

  @Test
  void aFullBatchOfTheLiveFeedIsOneFrame() throws Exception {
    String batch = "x".repeat(50 << 10);
    running =
        new Running(
            dir,
            Running.config(List.of()),
            60,
            context ->
                context
                    .request()
                    .toWebSocket()
                    .onSuccess(socket -> socket.writeTextMessage(batch)));
    Promise<String> first = Promise.promise();
    connect(new WebSocketClientOptions(), running.api.url())
        .onSuccess(
            socket ->
                socket.frameHandler(
                    frame -> first.tryComplete(frame.isFinal() + " " + frame.textData().length())))
        .onFailure(first::fail);
    assertEquals("true " + batch.length(), Running.await(first.future()));
  }

  @Test
  void aConnectionThatIsWrittenToIsNotIdle() throws Exception {
    start(3);
    Promise<String> end = Promise.promise();
    StringBuilder frames = new StringBuilder();
    connect(new WebSocketClientOptions(), running.api.url())
        .onSuccess(
            socket ->
                socket
                    .textMessageHandler(text -> frames.append(text).append(' '))
                    .closeHandler(closed -> end.complete(frames.toString())))
        .onFailure(end::fail);
    String seen = Running.await(end.future());
    assertTrue(seen.startsWith("0 1 2 ") && seen.endsWith(" 43 44 "), seen);
  }

  @Test
  void aConnectionThatIsSilentIsCut() throws Exception {
    start(1);
    Promise<Boolean> end = Promise.promise();
    plain = running.vertx.createNetClient();
    plain
        .connect(running.api.port(), "127.0.0.1")
        .onSuccess(socket -> socket.closeHandler(closed -> end.complete(false)))
        .onFailure(end::fail);
    assertFalse(Running.await(end.future()));
  }
}
