package io.selfheal.live;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.Topics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams the journal's events to WebSocket clients. As a handler it may be called on any context;
 * all state is touched on its own. Host, Origin and token are the business of who mounts it.
 */
public final class LiveFeed extends VerticleBase implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final LiveConfig config;
  private final String agentName;
  private final Bus bus;
  private final Time time;
  private volatile @Nullable Running running;

  /** See {@link LiveConfig}; the name goes into the first frame of every client. */
  public LiveFeed(LiveConfig config, String agentName, Bus bus, Time time) {
    this.config = config;
    this.agentName = agentName;
    this.bus = bus;
    this.time = time;
  }

  /** How many clients are connected; from any thread. */
  public int clients() {
    Running now = running;
    return now == null ? 0 : now.clients;
  }

  @Override
  public Future<?> start() {
    Running started = new Running(new Feed(config, agentName, bus, time, vertx), context);
    running = started;
    return started.tick();
  }

  /** The clients get 1001, and the tick ends. */
  @Override
  public Future<?> stop() {
    Running ended = running;
    running = null;
    return ended == null ? Future.succeededFuture() : ended.stop();
  }

  @Override
  public void handle(RoutingContext routing) {
    if (!Doorway.isUpgrade(routing.request())) {
      Doorway.upgradeRequired(routing);
      return;
    }
    Running now = running;
    if (now == null) {
      Doorway.away(routing, "the live stream does not run");
      return;
    }
    switch (Query.parse(routing.queryParams())) {
      case Query.Bad bad -> Doorway.bad(routing, bad);
      case Query.Good wish -> now.knock(routing, wish);
    }
  }

  /** Cranks the tick that otherwise runs every second; from any thread. */
  Future<?> tick() {
    Running now = running;
    if (now == null) {
      return Future.succeededFuture();
    }
    Promise<Object> end = Promise.promise();
    now.home.runOnContext(nothing -> now.tick().<Object>mapEmpty().onComplete(end));
    return end.future();
  }

  /** From start to stop. */
  private final class Running {
    private final Feed feed;
    private final Context home;
    private final Bus.Subscription subscription;
    private final Ticker ticker;
    private volatile int clients;
    private long positionTold = time.mark();
    private long probed = time.mark();
    private @Nullable Status status;

    private Running(Feed feed, Context home) {
      this.feed = feed;
      this.home = home;
      this.subscription = bus.on(Topics.RECORDED, feed::recorded);
      this.ticker = new Ticker(vertx, "live", EVERY, this::tick).start();
    }

    private void knock(RoutingContext routing, Query.Good wish) {
      HttpServerRequest request = routing.request();
      Context theirs = vertx.getOrCreateContext();
      request.pause();
      home.runOnContext(
          nothing -> {
            String refusal = feed.refusal();
            theirs.runOnContext(
                back -> {
                  if (refusal == null) {
                    upgrade(routing, wish);
                    return;
                  }
                  request.resume();
                  Doorway.away(routing, refusal);
                });
          });
    }

    private void upgrade(RoutingContext routing, Query.Good wish) {
      HttpServerRequest request = routing.request();
      boolean plain = Doorway.wantsPlain(request);
      if (plain) {
        Doorway.acceptPlain(routing);
      }
      request
          .toWebSocket()
          .onSuccess(socket -> welcome(socket, new Peer(socket, request.connection()), wish, plain))
          .onFailure(cause -> LOG.debug("A client did not complete its handshake", cause));
    }

    private void welcome(ServerWebSocket socket, Peer peer, Query.Good wish, boolean plain) {
      socket.closeHandler(closed -> at(() -> feed.left(peer)));
      // Without it Vert.x says 1000, "done", when the server stops, and clients stay away.
      socket.shutdownHandler(shutdown -> at(() -> peer.close(CloseReason.GOING_AWAY)));
      socket.exceptionHandler(cause -> LOG.debug("The socket of a live client failed", cause));
      socket.pongHandler(pong -> at(peer::alive));
      socket.drainHandler(drained -> at(() -> feed.drained(peer)));
      socket.textMessageHandler(text -> at(() -> heard(peer)));
      socket.binaryMessageHandler(bytes -> at(() -> heard(peer)));
      at(() -> feed.enter(peer, wish, plain));
    }

    private void heard(Peer peer) {
      if (peer.heard()) {
        peer.close(CloseReason.SENT_TOO_MUCH);
      }
    }

    private void at(Runnable action) {
      home.runOnContext(
          nothing -> {
            action.run();
            clients = feed.clients();
          });
    }

    private Future<?> tick() {
      feed.tend();
      if (time.since(positionTold).compareTo(config.heartbeat()) >= 0) {
        positionTold = time.mark();
        feed.tellPosition();
      }
      if (time.since(probed).compareTo(config.ping()) >= 0) {
        probed = time.mark();
        feed.probe();
      }
      return locate();
    }

    private Future<?> locate() {
      if (feed.located()) {
        report(Status.HEALTHY, "streams the journal");
        return Future.succeededFuture();
      }
      return feed.locate()
          .onSuccess(located -> report(Status.HEALTHY, "streams the journal"))
          .otherwise(
              failure -> {
                report(Status.DEGRADED, "no client gets in: " + failure.getMessage());
                return null;
              });
    }

    private void report(Status now, String detail) {
      if (now != status) {
        status = now;
        bus.publish(new ComponentEvent.Changed("live", now, detail));
      }
    }

    private Future<?> stop() {
      ticker.stop();
      return subscription.cancel().compose(cancelled -> feed.stop());
    }
  }
}
