package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.message.AgentEvent;
import io.selfheal.message.BreakerEvent;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.DeadLetterRequests;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.FindJob;
import io.selfheal.message.JobRequests.FoundJob;
import io.selfheal.message.JobRequests.ListStuck;
import io.selfheal.message.JobRequests.Sources;
import io.selfheal.message.JobRequests.Stuck;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.WorkerEvent;
import io.selfheal.store.Database;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns the job sources. On its ticks, and at once when a worker is lost or stopped, it finds and
 * judges, and says which jobs are stuck; it rescues only when asked for a sweep, by the healer or
 * an operator. Deploy it with {@link #deployment()}: it waits on virtual threads.
 */
public final class JobSweeper extends VerticleBase {
  private static final Duration COUNT_EVERY = Duration.ofSeconds(15);
  private static final Duration LAST_BATCH = Duration.ofSeconds(5);
  private static final int MOST_LISTED = 1000;

  /**
   * The start waits so long for the claims to be known: workers that are started after it, as after
   * a boot of the machine, then provably did not make them.
   */
  private static final Duration ACQUAINTANCE = Duration.ofSeconds(5);

  /** A claim that a worker sent just before it died may be committed after its death is noticed. */
  private static final Duration LATE_CLAIM = Duration.ofMillis(200);

  private final JobsConfig config;
  private final Function<SourceConfig, Database> databases;
  private final Database own;
  private final Bus bus;
  private final Time time;

  private final Map<String, SourceSweeper> sources = new LinkedHashMap<>();
  private final Map<String, Ticker> looks = new LinkedHashMap<>();
  private final List<Ticker> counts = new ArrayList<>();
  private final List<Future<?>> firstCounts = new ArrayList<>();
  private final List<Bus.Subscription> subscriptions = new ArrayList<>();
  private ComponentEvent.@Nullable Changed said;
  private boolean starting = true;

  /**
   * @param databases gives each source its database; called once a source, at start
   * @param own the agents' database, for what they know of jobs together
   */
  public JobSweeper(
      JobsConfig config,
      Function<SourceConfig, Database> databases,
      Database own,
      Bus bus,
      Time time) {
    this.config = config;
    this.databases = databases;
    this.own = own;
    this.bus = bus;
    this.time = time;
  }

  /** How to deploy it. */
  public static DeploymentOptions deployment() {
    return new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
  }

  @Override
  public Future<?> start() {
    if (context.threadingModel() != ThreadingModel.VIRTUAL_THREAD) {
      return Future.failedFuture("JobSweeper waits: deploy it with JobSweeper.deployment()");
    }
    List<Future<Void>> acquainted = new ArrayList<>();
    for (SourceConfig source : config.sources()) {
      acquainted.add(start(source));
    }
    subscriptions.add(bus.answer(JobRequests.SOURCES, query -> Future.succeededFuture(sources())));
    subscriptions.add(bus.answer(JobRequests.STUCK, this::stuck));
    subscriptions.add(bus.answer(JobRequests.FIND, this::find));
    subscriptions.add(bus.answer(JobRequests.SWEEP, this::sweep));
    subscriptions.add(
        bus.answer(
            JobRequests.PUT_ASIDE,
            query -> spawn(() -> named(query.source()).getFirst().putAside(query))));
    subscriptions.add(bus.answer(DeadLetterRequests.LIST, new PgDeadLetters(own)::list));
    subscriptions.add(bus.onEvent(this::onEvent));
    sayHealth();
    return Future.join(acquainted)
        .timeout(ACQUAINTANCE.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty();
  }

  /** Ends when the claims that are there are known, or cannot be. */
  private Future<Void> start(SourceConfig source) {
    PgSource table = new PgSource(source, databases.apply(source));
    String name = source.name();
    Quarantine quarantine =
        new Quarantine(source, new PgDeaths(source, own), new PgDeadLetters(own), bus, time);
    SourceSweeper sweeper =
        new SourceSweeper(source, table, quarantine, bus, time, this::sayHealth);
    sources.put(name, sweeper);
    looks.put(
        name,
        new Ticker(vertx, "look at " + name, source.pace().every(), () -> tick(name)).start());
    counts.add(new Ticker(vertx, "count of " + name, COUNT_EVERY, () -> count(name)).start());
    Future<Void> acquainted = spawn(sweeper::acquaint);
    firstCounts.add(count(name));
    return acquainted;
  }

  private Sources sources() {
    return new Sources(sources.values().stream().map(SourceSweeper::describe).toList());
  }

  private Future<Stuck> stuck(ListStuck query) {
    int limit = Math.clamp(query.limit(), 1, MOST_LISTED);
    List<SourceSweeper> asked = named(query.source());
    Map<String, String> problems = new LinkedHashMap<>();
    return spawn(
        () -> {
          List<StuckJob> jobs = new ArrayList<>();
          for (SourceSweeper source : asked) {
            try {
              jobs.addAll(source.stuck(limit - jobs.size()));
            } catch (SourceFailed failure) {
              problems.put(source.config().name(), String.valueOf(failure.getMessage()));
            }
          }
          return new Stuck(asked.size(), jobs, problems);
        });
  }

  private Future<FoundJob> find(FindJob query) {
    SourceSweeper source = named(query.source()).getFirst();
    return spawn(
        () -> {
          try {
            return source.find(query.jobId());
          } catch (SourceFailed failure) {
            return new FoundJob(null, false, String.valueOf(failure.getMessage()));
          }
        });
  }

  private Future<Swept> sweep(Sweep query) {
    SweptSum sum = new SweptSum(query.dryRun(), sources.size() == 1);
    String name = query.source();
    if (name != null && !sources.containsKey(name)) {
      sum.gone(name, absent(name));
      return Future.succeededFuture(sum.swept());
    }
    List<SourceSweeper> asked =
        named(name).stream().filter(source -> source.config().concerns(query.worker())).toList();
    List<Future<Void>> ends =
        asked.stream()
            .map(
                source ->
                    spawn(() -> source.sweep(query))
                        .<Void>map(
                            answer -> {
                              boolean bound = name != null || source.config().bound();
                              sum.add(source.config().name(), bound, answer);
                              return null;
                            }))
            .toList();
    return Future.join(ends).map(done -> sum.swept());
  }

  private List<SourceSweeper> named(@Nullable String name) {
    if (name == null) {
      return List.copyOf(sources.values());
    }
    SourceSweeper source = sources.get(name);
    if (source == null) {
      throw new IllegalArgumentException(absent(name));
    }
    return List.of(source);
  }

  private String absent(String name) {
    String there = sources.isEmpty() ? "none" : String.join(", ", sources.keySet());
    return "no source is named \"" + name + "\"; there is: " + there;
  }

  private void onEvent(Event event) {
    switch (event) {
      case WorkerEvent.Lost lost -> hasten(lost.worker());
      case WorkerEvent.Stopped stopped -> hasten(stopped.worker());
      case HostEvent.Sampled sampled ->
          sources.values().forEach(source -> source.braking().sampled(sampled.host()));
      case BreakerEvent.Opened opened ->
          sources.values().stream()
              .filter(source -> source.database().equals(opened.service()))
              .forEach(source -> source.braking().away(opened.cause()));
      // Whoever judges holders is deployed after this, and answers now.
      case AgentEvent.Started started -> {
        starting = false;
        looks.values().forEach(Ticker::hasten);
      }
      // From now on nobody judges holders, and nobody heals.
      case AgentEvent.Stopping stopping -> looks.values().forEach(Ticker::stop);
      default -> {
        // Other facts change nothing about who holds a job.
      }
    }
  }

  private void hasten(String worker) {
    for (SourceSweeper source : sources.values()) {
      Ticker look = looks.get(source.config().name());
      if (look != null && source.config().concerns(worker)) {
        look.hasten();
        vertx.setTimer(LATE_CLAIM.toMillis(), id -> look.hasten());
      }
    }
  }

  /** Done when each source was counted for the first time, or could not be. */
  Future<?> counted() {
    return Future.join(firstCounts).otherwiseEmpty();
  }

  /** One look at one source. */
  Future<?> tick(String name) {
    return spawn(() -> named(name).getFirst().look(starting));
  }

  /** One look into the catalog of one source, and one count of its jobs. */
  Future<?> count(String name) {
    return spawn(() -> named(name).getFirst().count());
  }

  private Future<Void> spawn(Runnable work) {
    return this.<@Nullable Void>spawn(
        () -> {
          work.run();
          return null;
        });
  }

  /** Works on another virtual thread of this context, so that the caller's handler ends. */
  private <T extends @Nullable Object> Future<T> spawn(Supplier<T> work) {
    Promise<T> end = Promise.promise();
    context.runOnContext(
        nothing -> {
          try {
            end.complete(work.get());
          } catch (Exception | Error failure) {
            end.fail(failure);
          }
        });
    return end.future();
  }

  private void sayHealth() {
    ComponentEvent.Changed now = Health.of(sources.values());
    if (!now.equals(said)) {
      said = now;
      bus.publish(now);
    }
  }

  @Override
  public Future<?> stop() {
    looks.values().forEach(Ticker::stop);
    counts.forEach(Ticker::stop);
    subscriptions.forEach(Bus.Subscription::cancel);
    List<Future<Void>> ends = sources.values().stream().map(SourceSweeper::stop).toList();
    return Future.join(ends).timeout(LAST_BATCH.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }
}
