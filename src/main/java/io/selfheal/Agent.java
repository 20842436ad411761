package io.selfheal;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.selfheal.api.HttpApi;
import io.selfheal.api.Mounts;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.error.ErrorDesk;
import io.selfheal.heal.Healer;
import io.selfheal.heal.HostClaims;
import io.selfheal.health.HealthBoard;
import io.selfheal.host.HostSampler;
import io.selfheal.job.JobSweeper;
import io.selfheal.job.SourceConfig;
import io.selfheal.journal.Journal;
import io.selfheal.live.LiveFeed;
import io.selfheal.message.AgentEvent;
import io.selfheal.metrics.EventMetrics;
import io.selfheal.metrics.Scrape;
import io.selfheal.proxy.ServiceProxy;
import io.selfheal.remedy.RemedyDesk;
import io.selfheal.remedy.WebhookDesk;
import io.selfheal.rule.RuleBook;
import io.selfheal.rule.Rules;
import io.selfheal.service.ServiceGuard;
import io.selfheal.store.Database;
import io.selfheal.store.Store;
import io.selfheal.symptom.SymptomWatch;
import io.selfheal.worker.Shared;
import io.selfheal.worker.WorkerWatch;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: builds every part, deploys them in order, stops them in reverse.
 *
 * <p>Readers come first, so that they hear everything; then the journal, so that everything is
 * written down; then the API, so that health is told from the start, and that a port which is taken
 * is found before anything is done; then those who act.
 */
final class Agent {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final int EVENT_LOOPS = 2;
  private static final int WORKER_THREADS = 8;

  /** The parts without which the agent is not ready. */
  private static final Set<String> NEEDED =
      Set.of("database", "journal", "host", "workers", "jobs", "services", "healing", "api");

  /** What Vert.x itself counts. */
  private static final Set<MetricsDomain> COUNTED =
      EnumSet.of(MetricsDomain.HTTP_SERVER, MetricsDomain.NAMED_POOLS);

  private final AgentConfig config;
  private final RuleBook book;
  private final Time time = new Time(InstantSource.system(), System::nanoTime);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Vertx vertx;
  private final Bus bus;
  private final RuleReload reload;
  private final Deque<String> deployed = new ConcurrentLinkedDeque<>();
  private Future<Void> started = Future.succeededFuture();
  private volatile boolean stopping;

  Agent(AgentConfig config, Kinds kinds, Rules rules) {
    this.config = config;
    this.book = new RuleBook(rules);
    this.vertx = vertx(registry);
    this.bus = new Bus(vertx);
    this.reload = new RuleReload(config.rules(), kinds, book, bus);
  }

  private static Vertx vertx(PrometheusMeterRegistry registry) {
    MicrometerMetricsOptions metrics =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            .setLabels(
                EnumSet.of(Label.HTTP_METHOD, Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME));
    // The bus, sockets and the pools of PostgreSQL are too many and too busy to be counted.
    for (MetricsDomain domain : MetricsDomain.values()) {
      if (!COUNTED.contains(domain)) {
        metrics.addDisabledMetricsCategory(domain);
      }
    }
    metrics.addDisabledMetricsCategory("sql");
    return Vertx.builder()
        .with(
            new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setWorkerPoolSize(WORKER_THREADS)
                .setInternalBlockingPoolSize(EVENT_LOOPS)
                .setMetricsOptions(metrics))
        .withMetrics(new MicrometerMetricsFactory(registry))
        .build();
  }

  /** Deploys everything; fails with the first part that cannot start. */
  Future<Void> start() {
    Store store = new Store(vertx, config.store(), config.dataDir(), bus, time);
    HealthBoard health = new HealthBoard(bus, time, NEEDED);
    LiveFeed live = new LiveFeed(config.live(), config.name(), bus, time);
    ServiceProxy proxy =
        new ServiceProxy(config.proxy(), bus, time, () -> ThreadLocalRandom.current().nextDouble());
    HttpApi api =
        new HttpApi(
            config.api(),
            config.dataDir(),
            new Mounts(
                live, proxy::forward, Scrape.handler(registry), health.live(), health.ready()),
            config.proxy().longestSilence(),
            bus,
            time);
    registry.gauge("selfheal.live.clients", live, LiveFeed::clients);
    started =
        deploy(health)
            .compose(next -> deploy(new EventMetrics(registry, bus, time)))
            .compose(next -> deploy(new AgentSelf(config, bus, time)))
            .compose(next -> deploy(reload))
            .compose(next -> deploy(live))
            .compose(next -> deploy(journal(store.database())))
            // Who can ask at all is to have an answer, also while the database is away.
            .compose(next -> deploy(new OneLoop(services(store), api)))
            .compose(next -> deploy(proxy))
            .compose(next -> deploy(new ErrorDesk(bus, time)))
            .compose(next -> deploy(store))
            .compose(next -> deploy(new WebhookDesk(bus)))
            .compose(next -> deploy(new RemedyDesk(book, bus, time)))
            .compose(next -> deploy(healer()))
            .compose(next -> deploy(new SymptomWatch(book, bus, time)))
            .compose(next -> deploy(host(), ThreadingModel.WORKER))
            .compose(next -> deploy(jobs(store), JobSweeper.deployment()))
            .compose(next -> deploy(workers(store)))
            .onSuccess(done -> announce(api));
    return started;
  }

  /**
   * Stops everything in reverse, also in the middle of a start. Blocks; never call it on a thread
   * of Vert.x, which ends here.
   *
   * @throws TimeoutException when a part hangs; it is the caller's to end the process
   */
  void stop(String reason, Duration limit)
      throws TimeoutException, ExecutionException, InterruptedException {
    stopping = true;
    bus.publish(new AgentEvent.Stopping(config.name(), reason));
    long mark = time.mark();
    await(started.transform(done -> undeployNext()), limit);
    await(vertx.close(), limit.minus(time.since(mark)));
    registry.close();
  }

  /** Reads the rules anew: all of them come into force, or none when one is wrong. */
  void reload() {
    reload.reload();
  }

  private static void await(Future<Void> future, Duration limit)
      throws TimeoutException, ExecutionException, InterruptedException {
    future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Future<Void> undeployNext() {
    String next = deployed.poll();
    return next == null
        ? Future.succeededFuture()
        : vertx
            .undeploy(next)
            .onFailure(failure -> LOG.warn("A part did not stop cleanly", failure))
            .transform(done -> undeployNext());
  }

  private Journal journal(Database database) {
    return new Journal(
        config.journal(),
        config.dataDir().resolve("journal.mv"),
        config.name(),
        database,
        bus,
        time);
  }

  private Healer healer() {
    HostClaims claims = HostClaims.ofThisHost(Path.of(System.getProperty("java.io.tmpdir")));
    return new Healer(config.healing(), book, config.name(), BootId.read(), claims, bus, time);
  }

  private ServiceGuard services(Store store) {
    io.selfheal.service.Shared shared =
        new io.selfheal.service.Shared(config.name(), shared(store));
    return new ServiceGuard(config.services(), config.dataDir(), shared, bus, time);
  }

  private HostSampler host() {
    return new HostSampler(config.host(), bus, time);
  }

  private JobSweeper jobs(Store store) {
    return new JobSweeper(
        config.jobs(), source -> database(store, source), store.database(), bus, time);
  }

  private WorkerWatch workers(Store store) {
    return new WorkerWatch(
        config.workers(), config.dataDir(), new Shared(config.name(), shared(store)), bus, time);
  }

  /** A database of the agent's own is nobody else's. */
  private @Nullable Database shared(Store store) {
    return config.store().url().isPresent() ? store.database() : null;
  }

  private static Database database(Store store, SourceConfig source) {
    return source
        .database()
        .map(url -> store.databases().open("source_" + source.name(), url))
        .orElseGet(store::database);
  }

  private Future<Void> deploy(Deployable part) {
    return deploy(part, new DeploymentOptions());
  }

  private Future<Void> deploy(Deployable part, ThreadingModel model) {
    return deploy(part, new DeploymentOptions().setThreadingModel(model));
  }

  private Future<Void> deploy(Deployable part, DeploymentOptions options) {
    return stopping
        ? Future.failedFuture("the agent stops before it has started")
        : vertx.deployVerticle(part, options).onSuccess(deployed::push).mapEmpty();
  }

  private void announce(HttpApi api) {
    bus.publish(
        new AgentEvent.Started(config.name(), Version.current(), ProcessHandle.current().pid()));
    LOG.info(
        "Agent {} {} runs: {}, {}, {}, page and API at {}, data in {}",
        config.name(),
        Version.current(),
        counted(config.workers().workers().size(), "worker"),
        counted(config.jobs().sources().size(), "source"),
        counted(config.services().size(), "service"),
        api.url(),
        config.dataDir());
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
