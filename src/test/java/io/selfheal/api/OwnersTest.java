package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.api.Running.Answer;
import io.selfheal.bus.Bus;
import io.selfheal.bus.RequestFailed;
import io.selfheal.message.AgentRequests;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client sees when the owner of the state is away, slow or broken. */
class OwnersTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    Router router = Router.router(vertx);
    router.route().failureHandler(Failures::answer);
    router
        .get("/agent")
        .handler(
            context ->
                bus.ask(AgentRequests.AGENT, new AgentRequests.ReadAgent())
                    .map(Reply::json)
                    .onSuccess(reply -> reply.send(context.request()))
                    .onFailure(context::fail));
    router
        .get("/slow")
        .handler(
            context ->
                context.fail(
                    new RequestFailed(RequestFailed.Reason.TIMED_OUT, "job.sweep", "10 s")));
    server =
        Running.await(
            new Servers(vertx, 60).listen(SocketAddress.inetSocketAddress(0, "127.0.0.1"), router));
  }

  @AfterEach
  void stop() throws Exception {
    Running.await(vertx.close());
  }

  private Answer get(String path) throws Exception {
    return Running.raw(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort()),
        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  private static void problem(Answer answer, int status, String type) {
    assertEquals(status, answer.status(), answer.body());
    assertTrue(answer.body().contains("urn:selfheal:problem:" + type), answer.body());
    assertTrue(answer.body().contains("\"instance\":\"urn:uuid:"), answer.body());
  }

  @Test
  void away() throws Exception {
    problem(get("/agent"), 503, "owner-away");
  }

  @Test
  void slow() throws Exception {
    problem(get("/slow"), 504, "owner-slow");
  }

  @Test
  void brokenWithoutItsInsides() throws Exception {
    bus.answer(
        AgentRequests.AGENT, question -> Future.failedFuture(new IllegalStateException("inside")));
    Answer answer = get("/agent");
    problem(answer, 500, "internal");
    assertFalse(answer.body().contains("inside"), answer.body());
    assertFalse(answer.body().contains("agent.read"), answer.body());
  }
}
