package io.selfheal.api;

import io.selfheal.api.Endpoint.Mounted;
import io.selfheal.api.Gate.Access;
import io.selfheal.api.Gate.Way;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.ComponentEvent;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP API and the page, on TCP and on a Unix domain socket. */
public final class HttpApi extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
  private static final String COMPONENT = "api";
  private static final int IDLE_SECONDS = 60;
  private static final Set<String> LIVE_QUERY = Set.of("types", "severity", "subject", "since");
  private static final Path RUNTIME_DIR = Path.of("/run/selfheal");

  private final ApiConfig config;
  private final Path dataDir;
  private final Mounts mounts;
  private final Bus bus;
  private final Time time;
  private final SocketFile socketFile;
  private final int idleSeconds;
  private final Assets assets = new Assets();
  private final List<HttpServer> servers = new ArrayList<>();

  private volatile int port;
  private volatile Optional<Path> socket = Optional.empty();
  private volatile OwnNames names = OwnNames.of(0, "127.0.0.1", List.of());

  /**
   * @param dataDir where the token is kept, and the socket where no better place is
   * @param mounts what others answer
   */
  public HttpApi(ApiConfig config, Path dataDir, Mounts mounts, Bus bus, Time time) {
    this(config, dataDir, mounts, bus, time, RUNTIME_DIR, IDLE_SECONDS);
  }

  HttpApi(
      ApiConfig config,
      Path dataDir,
      Mounts mounts,
      Bus bus,
      Time time,
      Path runtimeDir,
      int idleSeconds) {
    this.config = config;
    this.dataDir = dataDir;
    this.mounts = mounts;
    this.bus = bus;
    this.time = time;
    this.socketFile = new SocketFile(runtimeDir);
    this.idleSeconds = idleSeconds;
  }

  /** The port that is listened on, once deployed; the one that was found free when 0 was asked. */
  public int port() {
    return port;
  }

  /** The Unix domain socket, once deployed; empty when there is none. */
  public Optional<Path> socket() {
    return socket;
  }

  /** The address of the page, once deployed. */
  public String url() {
    return "http://" + OwnNames.bracketed(config.host()) + ":" + port;
  }

  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(() -> Token.in(dataDir))
        .compose(token -> listen(token).compose(listening -> listenOnSocket(token)))
        .onSuccess(listening -> announce())
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
  }

  /** Every endpoint there is. */
  List<Endpoint> endpoints() {
    return Stream.of(
            // First, because they are asked for by far the most, and a router tries in order.
            new PermitRoutes(bus).endpoints(),
            new ServiceRoutes(bus, time).endpoints(),
            new AgentRoutes(bus).endpoints(),
            new HostRoutes(bus).endpoints(),
            new WorkerRoutes(bus).endpoints(),
            new JobRoutes(bus).endpoints(),
            new DeadLetterRoutes(bus).endpoints(),
            new IncidentRoutes(bus).endpoints(),
            new EventRoutes(bus).endpoints(),
            new HealingRoutes(bus, time).endpoints(),
            new RuleRoutes(bus, time).endpoints(),
            new ErrorRoutes(bus).endpoints(),
            mounted())
        .flatMap(List::stream)
        .toList();
  }

  private List<Endpoint> mounted() {
    return List.of(
        Endpoint.stream("/api/v1/events/ws", LIVE_QUERY, this::upgrade),
        Endpoint.mounted(
            "/api/v1/openapi.yaml",
            Access.OPEN,
            context -> assets.serve(context, "/openapi/selfheal.yaml")),
        Endpoint.mounted("/metrics", Access.READ, mounts.metrics()),
        Endpoint.mounted("/health/live", Access.OPEN, mounts.healthLive()),
        Endpoint.mounted("/health/ready", Access.OPEN, mounts.healthReady()),
        Endpoint.mounted("/", Access.OPEN, assets::page));
  }

  private void upgrade(RoutingContext context) {
    if (!context.request().canUpgradeToWebSocket()) {
      throw ApiFailure.of(
          ProblemKind.UPGRADE_REQUIRED, "this is a WebSocket (RFC 6455)", "Upgrade", "websocket");
    }
    mounts.liveFeed().handle(context);
  }

  private Future<Void> listen(Token token) {
    Way way = config.loopback() ? Way.LOOPBACK : Way.REMOTE;
    return new Servers(vertx, idleSeconds)
        .listen(SocketAddress.inetSocketAddress(config.port(), config.host()), handler(way, token))
        .map(
            server -> {
              servers.add(server);
              port = server.actualPort();
              names = OwnNames.of(port, config.host(), config.hosts());
              return null;
            });
  }

  private Future<Void> listenOnSocket(Token token) {
    return vertx
        .executeBlocking(() -> socketFile.choose(config.socket(), dataDir))
        .compose(
            place -> place.map(path -> listenOn(path, token)).orElseGet(Future::succeededFuture));
  }

  private Future<Void> listenOn(Path path, Token token) {
    return new Servers(vertx, idleSeconds)
        .listen(SocketAddress.domainSocketAddress(path.toString()), handler(Way.SOCKET, token))
        .compose(
            server -> {
              servers.add(server);
              socket = Optional.of(path);
              return vertx.executeBlocking(
                  () -> {
                    socketFile.restrict(path, dataDir);
                    return null;
                  });
            });
  }

  private Handler<HttpServerRequest> handler(Way way, Token token) {
    Router router = Router.router(vertx);
    Gate gate = new Gate(way, token, () -> names);
    return new Endpoints(gate).mount(router, endpoints(), new Mounted(assets::page));
  }

  private void announce() {
    String where = url() + socket.map(path -> " and " + path).orElse("");
    LOG.info("Listening on {}", where);
    bus.publish(
        new ComponentEvent.Changed(
            COMPONENT, ComponentEvent.Status.HEALTHY, "listening on " + where));
  }

  @Override
  public Future<?> stop() {
    List<Future<Void>> ends =
        servers.stream().map(server -> server.shutdown(1, TimeUnit.SECONDS)).toList();
    servers.clear();
    return Future.join(ends)
        .transform(
            closed ->
                vertx.executeBlocking(
                    () -> {
                      removeSocket();
                      return null;
                    }));
  }

  private void removeSocket() throws IOException {
    if (socket.isPresent()) {
      Files.deleteIfExists(socket.get());
    }
  }
}
