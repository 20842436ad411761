package io.selfheal.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.selfheal.bus.Bus;
import io.selfheal.bus.RequestFailed;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.message.AgentEvent;
import io.selfheal.message.BreakerEvent;
import io.selfheal.message.BudgetEvent;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ConfigEvent;
import io.selfheal.message.DeadLetterEvent;
import io.selfheal.message.ErrorEvent;
import io.selfheal.message.ErrorReport;
import io.selfheal.message.Event;
import io.selfheal.message.HealRequests;
import io.selfheal.message.HealingEvent;
import io.selfheal.message.HostEvent;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JournalEvent;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.LimitEvent;
import io.selfheal.message.Request;
import io.selfheal.message.ServiceRequests;
import io.selfheal.message.SweepEvent;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@code selfheal_*} meters from the events. What events alone cannot tell (instances
 * that are watched no longer, events in the spool, incidents from before the start) it asks the
 * owners for, every fifteen seconds and once everything is deployed.
 */
public final class EventMetrics extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(EventMetrics.class);
  private static final Duration EVERY = Duration.ofSeconds(15);

  private final MeterRegistry registry;
  private final Bus bus;
  private final HostMeters host;
  private final WorkerMeters workers;
  private final IncidentMeters incidents;
  private final SymptomMeters symptoms;
  private final ServiceMeters services;
  private final Gauges components;
  private final Gauges healingPaused;
  private final Gauges spooled;
  private final Label sources = new Label();
  private final Label errorParts = new Label();
  private final Map<String, Counter> events = new HashMap<>();
  private @Nullable Ticker ticker;

  /** Registers the meters that exist from the start. */
  public EventMetrics(MeterRegistry registry, Bus bus, Time time) {
    this.registry = registry;
    this.bus = bus;
    host = new HostMeters(registry);
    workers = new WorkerMeters(registry);
    incidents = new IncidentMeters(registry, time);
    symptoms = new SymptomMeters(registry);
    services = new ServiceMeters(registry);
    components =
        Gauges.family(
            registry, "selfheal_component_up", "1 healthy or degraded, 0 otherwise", "component");
    healingPaused =
        Gauges.single(registry, "selfheal_healing_paused", "1 while no remedy may start");
    spooled =
        Gauges.single(
            registry, "selfheal_journal_spooled_events", "Events that wait for PostgreSQL");
  }

  @Override
  public Future<?> start() {
    bus.onEvent(this::hear);
    ticker = new Ticker(vertx, "metrics", EVERY, this::tick).start();
    return Future.succeededFuture();
  }

  private void hear(Event event) {
    events.computeIfAbsent(event.type(), this::counter).increment();
    switch (event) {
      case HostEvent.Sampled sampled -> host.read(sampled.host());
      case HostEvent.Starved starved -> {}
      case HostEvent.Relieved relieved -> {}
      case HostEvent.Stalled stalled -> {}
      case WorkerEvent worker -> {
        workers.hear(worker);
        incidents.hear(worker);
      }
      case IncidentEvent incident -> incidents.hear(incident);
      case JobEvent job -> hearJob(job);
      case SweepEvent.Finished sweep -> swept(sweep);
      case BreakerEvent breaker -> services.hear(breaker);
      case LimitEvent limit -> {}
      case BudgetEvent budget -> {}
      case ComponentEvent.Changed changed -> components.set(changed.component(), up(changed));
      case HealingEvent.Paused paused -> healingPaused.set(1);
      case HealingEvent.Resumed resumed -> healingPaused.set(0);
      case JournalEvent.Degraded degraded -> spooled.set((double) degraded.spooledEvents());
      case JournalEvent.Recovered recovered -> spooled.set(0);
      case AgentEvent.Started started -> recall();
      case AgentEvent.Stopping stopping -> {}
      case DeadLetterEvent.Added added -> {}
      case SymptomEvent symptom -> {
        symptoms.hear(symptom);
        incidents.hear(symptom);
      }
      case ConfigEvent.Reloaded reloaded -> {}
      case ErrorEvent.Error error -> failed(error.report());
    }
  }

  private void failed(ErrorReport error) {
    Counter.builder("selfheal_errors")
        .description("Failures that were reported")
        .tag("category", error.category() == null ? "unknown" : lower(error.category()))
        .tag("component", error.component() == null ? "" : errorParts.of(error.component()))
        .register(registry)
        .increment();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void hearJob(JobEvent event) {
    if (event instanceof JobEvent.Rescued rescued) {
      rescued(rescued.source(), rescued.effect(), 1);
    }
    if (event instanceof JobEvent.Decided decided) {
      decided.decisions().stream()
          .filter(one -> one.effect() != JobEvent.Effect.LEAVE)
          .forEach(one -> rescued(decided.source(), one.effect(), one.jobIds().size()));
    }
  }

  private void rescued(String source, JobEvent.Effect effect, long jobs) {
    Counter.builder("selfheal_jobs_rescued")
        .description("Stuck jobs that were changed")
        .tag("source", sources.of(source))
        .tag("effect", lower(effect))
        .register(registry)
        .increment((double) jobs);
  }

  private void swept(SweepEvent.Finished sweep) {
    Timers.register(
            registry,
            "selfheal_sweep_duration_seconds",
            "Sweeps that rescued something, failed, or differed from the one before",
            "source",
            sources.of(sweep.source()))
        .record(sweep.took());
  }

  private static double up(ComponentEvent.Changed event) {
    return switch (event.status()) {
      case HEALTHY, DEGRADED -> 1;
      case ERROR, UNAVAILABLE -> 0;
      case UNKNOWN -> Double.NaN;
    };
  }

  private Counter counter(String type) {
    return Counter.builder("selfheal_events")
        .description("Facts published on this agent")
        .tag("type", type)
        .register(registry);
  }

  private void recall() {
    JournalRequests.ListIncidents query = new JournalRequests.ListIncidents(true, null, 500);
    ask(JournalRequests.INCIDENTS, query, reply -> incidents.add(reply.incidents()));
    ask(
        HealRequests.SWITCH,
        new HealRequests.ReadSwitch(),
        reply -> healingPaused.set(reply.paused() ? 1 : 0));
    tick();
  }

  Future<?> tick() {
    return Future.join(
        ask(WorkerRequests.LIST, new WorkerRequests.ListWorkers(), workers::replace),
        ask(ServiceRequests.LIST, new ServiceRequests.ListServices(null), services::read),
        ask(
            JournalRequests.STATUS,
            new JournalRequests.ReadStatus(),
            status -> spooled.set((double) status.spooled())));
  }

  /** An owner that does not answer leaves its meters as they are. */
  private <Q, R> Future<Void> ask(Request<Q, R> request, Q query, Consumer<R> reader) {
    return bus.ask(request, query)
        .<Void>map(
            reply -> {
              reader.accept(reply);
              return null;
            })
        .recover(
            failure -> {
              boolean absent =
                  failure instanceof RequestFailed failed
                      && failed.reason() == RequestFailed.Reason.NOBODY_ANSWERS;
              if (!absent) {
                LOG.debug("Metrics keep their old values: {}", failure.getMessage(), failure);
              }
              return Future.succeededFuture();
            });
  }

  @Override
  public Future<?> stop() {
    if (ticker != null) {
      ticker.stop();
    }
    return Future.succeededFuture();
  }
}
