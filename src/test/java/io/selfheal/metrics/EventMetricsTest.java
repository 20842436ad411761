package io.selfheal.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.AgentEvent;
import io.selfheal.message.BreakerEvent;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.Event;
import io.selfheal.message.HealingEvent;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JournalEvent;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.Outcome;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Severity;
import io.selfheal.message.SweepEvent;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventMetricsTest {
  private static final ProcessIdentity PROCESS = new ProcessIdentity("boot", 4711, 99);

  private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
  private final Time time = new Time(() -> Instant.EPOCH.plusNanos(nanos.get()), nanos::get);
  private int barriers;
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EventMetrics metrics = new EventMetrics(registry, bus, time);

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
    registry.close();
  }

  /**
   * Publishes, and comes back when all is read: events keep their order, and the last one makes a
   * gauge.
   */
  private void publish(Event... events) throws Exception {
    String last = "last" + barriers++;
    CompletableFuture<Meter> read = new CompletableFuture<>();
    registry
        .config()
        .onMeterAdded(
            meter -> {
              if (last.equals(meter.getId().getTag("service"))) {
                read.complete(meter);
              }
            });
    for (Event event : events) {
      bus.publish(event);
    }
    bus.publish(new BreakerEvent.Closed(last));
    read.get(60, TimeUnit.SECONDS);
  }

  private static WorkerEvent lost(Instant noticedAt) {
    return new WorkerEvent.Lost(
        "images", "images.1", PROCESS, Owner.AGENT, "pidfd", noticedAt, Duration.ofHours(1));
  }

  private static HostSample host() {
    return new HostSample(
        "here",
        Duration.ofHours(1),
        new HostSample.Cpu(0.25, List.of(0.25), 0, 0),
        new HostSample.Memory(1000, 600, 0, 0),
        List.of(new HostSample.Disk("/", "/dev/vda", "ext4", 100, 40, -1, -1)),
        null,
        null,
        null,
        List.of(new HostSample.Pressure("io", 0.5, 0, 0, 0)),
        Map.of());
  }

  private void theWholeStory() throws Exception {
    await(vertx.deployVerticle(metrics));
    publish(
        new HostEvent.Sampled(host()),
        new WorkerEvent.Started("images", "images.1", PROCESS),
        new WorkerEvent.Started("images", "images.2", PROCESS),
        lost(time.now().minusMillis(8)),
        new IncidentEvent.Opened("i1", "worker/images.1", "worker.lost", "gone"));
    nanos.addAndGet(400_000_000L);
    publish(
        new IncidentEvent.RemedyFinished(
            "i1", "worker/images.1", "start", 1, Outcome.DONE, "started"),
        new IncidentEvent.Closed(
            "i1",
            "worker/images.1",
            IncidentEvent.Recovery.HEALED,
            "healed in 2 s: started as pid 4711"),
        new IncidentEvent.Opened("i2", "source/images", "job.stuck", "stuck"),
        new JobEvent.Rescued(
            "images",
            "42",
            JobEvent.Effect.REQUEUE,
            "its holder is dead",
            Verdict.of(Verdict.Ruling.DEAD, "pid 4711 is gone"),
            "i1"),
        new JobEvent.Decided("images", List.of(), "i1"),
        new JobEvent.Decided(
            "images",
            List.of(
                new JobEvent.Decision(
                    JobEvent.Effect.REQUEUE,
                    "its holder is dead",
                    Verdict.of(Verdict.Ruling.DEAD, "pid 4711 is gone"),
                    List.of("43", "44"))),
            "i1"),
        new SweepEvent.Finished("images", 10, 1, 1, Duration.ofMillis(30), null, "i1"),
        new BreakerEvent.Opened("database", "refused"),
        new ComponentEvent.Changed("database", ComponentEvent.Status.UNAVAILABLE, "refused"),
        new JournalEvent.Degraded("database away", 17, 0),
        new SymptomEvent.Seen(
            "low_disk_of_models",
            "1",
            "low_disk",
            "disk/models",
            Severity.WARNING,
            "93 % used",
            Map.of(),
            Duration.ofSeconds(30)),
        new SymptomEvent.Cleared(
            "low_disk_of_models", "low_disk", "disk/models", "80 % used", Duration.ofSeconds(30)),
        new HealingEvent.Paused("maintenance", null));
  }

  @Test
  void theTextHoldsEachPromisedName() throws Exception {
    theWholeStory();
    String text = registry.scrape();
    List<String> promised =
        List.of(
            "selfheal_jobs_rescued_total{effect=\"requeue\",source=\"images\"} 3.0",
            "selfheal_sweep_duration_seconds_count{source=\"images\"} 1",
            "selfheal_sweep_duration_seconds_sum{source=\"images\"} 0.03",
            "selfheal_breaker_state{service=\"database\"} 2.0",
            "selfheal_symptoms_total{rule=\"low_disk_of_models\",symptom=\"low_disk\"} 1.0",
            "selfheal_remedies_total{outcome=\"done\",remedy=\"start\"} 1.0",
            "selfheal_incidents_open 1.0",
            "selfheal_incidents_total{result=\"healed\",symptom=\"worker.lost\"} 1.0",
            "selfheal_time_to_detect_seconds_count 1",
            "selfheal_time_to_detect_seconds_sum 0.008",
            "selfheal_time_to_heal_seconds_count 1",
            "selfheal_time_to_heal_seconds_sum 0.4",
            "selfheal_workers{state=\"running\"} 1.0",
            "selfheal_workers{state=\"lost\"} 1.0",
            "selfheal_workers{state=\"frozen\"} 0.0",
            "selfheal_events_total{type=\"worker.lost\"} 1.0",
            "selfheal_events_total{type=\"incident.opened\"} 2.0",
            "selfheal_journal_spooled_events 17.0",
            "selfheal_component_up{component=\"database\"} 0.0",
            "selfheal_healing_paused 1.0",
            "selfheal_host_cpu_busy_ratio 0.25",
            "selfheal_host_memory_available_bytes 600.0",
            "selfheal_host_load_one_minute NaN",
            "selfheal_host_pressure_some_ratio{resource=\"io\"} 0.5",
            "selfheal_host_disk_usable_bytes{mount=\"/\"} 40.0");
    for (String line : promised) {
      assertTrue(text.lines().anyMatch(line::equals), () -> line + "\nis missing in\n" + text);
    }
  }

  @Test
  void noOtherNameOfOursIsThere() throws Exception {
    theWholeStory();
    assertEquals(
        List.of(
            "selfheal_breaker_state",
            "selfheal_component_up",
            "selfheal_events_total",
            "selfheal_healing_paused",
            "selfheal_host_cpu_busy_ratio",
            "selfheal_host_cpu_iowait_ratio",
            "selfheal_host_cpu_steal_ratio",
            "selfheal_host_disk_total_bytes",
            "selfheal_host_disk_usable_bytes",
            "selfheal_host_load_one_minute",
            "selfheal_host_memory_available_bytes",
            "selfheal_host_memory_total_bytes",
            "selfheal_host_pressure_some_ratio",
            "selfheal_host_swap_used_bytes",
            "selfheal_incidents_open",
            "selfheal_incidents_total",
            "selfheal_jobs_rescued_total",
            "selfheal_journal_spooled_events",
            "selfheal_remedies_total",
            "selfheal_sweep_duration_seconds",
            "selfheal_sweep_duration_seconds_max",
            "selfheal_symptoms_total",
            "selfheal_time_to_detect_seconds",
            "selfheal_time_to_detect_seconds_max",
            "selfheal_time_to_heal_seconds",
            "selfheal_time_to_heal_seconds_max",
            "selfheal_workers"),
        registry
            .scrape()
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ", -1)[2])
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .toList());
    assertFalse(registry.scrape().contains("4711"), "a process id is in a label");
  }

  /** A worker's own trouble and what a rule sees of it are two incidents. */
  @Test
  void whatARuleSawIsTimedFromItsFirstReading() throws Exception {
    await(vertx.deployVerticle(metrics));
    publish(
        new SymptomEvent.Seen(
            "hung",
            "v1",
            "worker_unresponsive",
            "worker/a",
            Severity.WARNING,
            "no answer",
            Map.of(),
            Duration.ofSeconds(3)),
        new IncidentEvent.Opened("i1", "worker/a", "worker.lost", ""));
    assertTrue(registry.scrape().contains("selfheal_time_to_detect_seconds_count 0"));
    publish(new IncidentEvent.Opened("i2", "worker/a", "worker_unresponsive", ""));
    String text = registry.scrape();
    assertTrue(text.contains("selfheal_time_to_detect_seconds_count 1"), text);
    assertTrue(text.contains("selfheal_time_to_detect_seconds_sum 3.0"), text);
  }

  @Test
  void whatWentByItselfWasNotHealed() throws Exception {
    await(vertx.deployVerticle(metrics));
    publish(
        new IncidentEvent.Opened("i1", "worker/a", "worker.unresponsive", ""),
        new IncidentEvent.Closed(
            "i1", "worker/a", IncidentEvent.Recovery.SELF_RECOVERED, "it answers again"));
    String text = registry.scrape();
    assertTrue(text.contains("selfheal_incidents_total{result=\"self_recovered\","), text);
    assertTrue(text.contains("selfheal_time_to_heal_seconds_count 0"), text);
  }

  @Test
  void anIncidentThatEscalatesAndIsClosedLaterCountsOnce() throws Exception {
    await(vertx.deployVerticle(metrics));
    publish(
        new IncidentEvent.Opened("i1", "worker/a", "worker.lost", ""),
        new IncidentEvent.Escalated("i1", "worker/a", "three restarts in a minute"),
        new IncidentEvent.Closed("i1", "worker/a", IncidentEvent.Recovery.HEALED, "healed in 1 s"));
    String text = registry.scrape();
    assertTrue(
        text.contains("selfheal_incidents_total{result=\"escalated\",symptom=\"worker.lost\"} 1.0"),
        text);
    assertFalse(text.contains("result=\"healed\""), text);
    assertTrue(text.contains("selfheal_time_to_heal_seconds_count 0"), text);
    assertTrue(text.contains("selfheal_incidents_open 0.0"), text);
  }

  @Test
  void theOwnersTellWhatEventsCannot() throws Exception {
    await(vertx.deployVerticle(metrics));
    bus.answer(
        WorkerRequests.LIST,
        query -> Future.succeededFuture(new WorkerRequests.Workers(List.of())));
    bus.answer(
        JournalRequests.STATUS,
        query -> Future.succeededFuture(new JournalRequests.Status(1, 9, 1, 5, 0, 100, null)));
    publish(
        new AgentEvent.Started("here", "1", 1),
        new WorkerEvent.Found("images", "images@1", PROCESS, Owner.OTHER, "python"));
    await(metrics.tick());
    String text = registry.scrape();
    assertTrue(text.contains("selfheal_workers{state=\"running\"} 0.0"), text);
    assertTrue(text.contains("selfheal_journal_spooled_events 5.0"), text);
  }

  @Test
  void labelsAreBounded() {
    Label label = new Label();
    long different =
        IntStream.range(0, 1000).mapToObj(i -> label.of("worker" + i)).distinct().count();
    assertEquals(65, different);
    assertEquals("worker0", label.of("worker0"));
    assertEquals("other", label.of("a sentence with \"quotes\""));
  }

  @Test
  void metricsAreServedWithTheirContentType() throws Exception {
    Router router = Router.router(vertx);
    router.get("/metrics").handler(Scrape.handler(registry));
    HttpServer server =
        await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    URI uri = URI.create("http://127.0.0.1:" + server.actualPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> plain =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      assertEquals(
          "text/plain; version=0.0.4; charset=utf-8",
          plain.headers().firstValue("content-type").orElseThrow());
      assertTrue(plain.body().contains("# TYPE selfheal_incidents_open gauge"), plain.body());
      HttpResponse<String> open =
          client.send(
              HttpRequest.newBuilder(uri)
                  .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(
          "application/openmetrics-text; version=1.0.0; charset=utf-8",
          open.headers().firstValue("content-type").orElseThrow());
      assertTrue(open.body().endsWith("# EOF\n"), open.body());
    }
  }
}
