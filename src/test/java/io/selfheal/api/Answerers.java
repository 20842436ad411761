package io.selfheal.api;

import io.selfheal.bus.Bus;
import io.selfheal.json.Json;
import io.selfheal.message.AgentRequests;
import io.selfheal.message.AgentRequests.Flaw;
import io.selfheal.message.DeadLetterRequests;
import io.selfheal.message.ErrorRequests;
import io.selfheal.message.HealRequests;
import io.selfheal.message.HostRequests;
import io.selfheal.message.Incident;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.Owner;
import io.selfheal.message.Recorded;
import io.selfheal.message.Request;
import io.selfheal.message.Severity;
import io.selfheal.message.SymptomRequests;
import io.selfheal.message.SymptomRequests.RuleGuardrails;
import io.selfheal.message.SymptomRequests.RuleState;
import io.selfheal.message.WorkerRequests;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Stands for every owner on the real bus, and keeps what each was asked. */
final class Answerers {
  static final String INCIDENT = "0190a0a0-0000-7000-8000-000000000001";
  static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

  /** Whether the file of the rules is wrong. */
  volatile boolean wrongRules;

  final List<Object> asked = new CopyOnWriteArrayList<>();

  Answerers(Bus bus) {
    readers(bus);
    journal(bus);
    workers(bus);
    jobs(bus);
    rules(bus);
    answer(
        bus,
        ErrorRequests.REPORT,
        report ->
            new ErrorRequests.Taken(
                IntStream.range(0, report.errors().size()).mapToObj(i -> "e" + i).toList()));
    answer(bus, HealRequests.SWITCH, q -> new HealRequests.Switch(false, null, null, null));
    answer(
        bus,
        HealRequests.PAUSE,
        pause -> new HealRequests.Switch(true, pause.reason(), START, pause.until()));
    answer(
        bus,
        HealRequests.RESUME,
        resume -> new HealRequests.Switch(false, resume.reason(), START, null));
  }

  private void readers(Bus bus) {
    answer(
        bus,
        AgentRequests.AGENT,
        q ->
            new AgentRequests.Agent(
                "a", "0.1.0", "h", 7, START, Duration.ofSeconds(2), 0.01, 1, 1, 0.5, 3));
    answer(
        bus,
        AgentRequests.CONFIG,
        q ->
            new AgentRequests.Config(
                "agent.yaml", List.of(new AgentRequests.Setting("agent.name", "auto", "default"))));
    answer(bus, HostRequests.READ, q -> new HostRequests.Newest(null));
  }

  private void journal(Bus bus) {
    answer(bus, JournalRequests.INCIDENTS, q -> new JournalRequests.Incidents(List.of(), INCIDENT));
    answer(
        bus,
        JournalRequests.INCIDENT,
        q -> new JournalRequests.FoundIncident(q.id().equals(INCIDENT) ? incident() : null));
    answer(
        bus,
        JournalRequests.EVENTS,
        q -> new JournalRequests.Events(9, List.of(recorded(4), recorded(5)), 5, true, false));
    answer(
        bus,
        JournalRequests.TRACE,
        q -> new JournalRequests.Events(9, List.of(recorded(4)), 5, true, false));
  }

  private void workers(Bus bus) {
    answer(
        bus,
        WorkerRequests.LIST,
        q ->
            new WorkerRequests.Workers(
                List.of(
                    new WorkerRequests.Worker("images", "run", Owner.AGENT, 2, List.of(), null))));
    answer(
        bus,
        WorkerRequests.HEARTBEAT,
        beat ->
            beat.worker().equals("refused")
                ? new WorkerRequests.HeartbeatAccepted(
                    false, null, "no such process", Duration.ofSeconds(10))
                : new WorkerRequests.HeartbeatAccepted(
                    true, "images.1", null, Duration.ofSeconds(10)));
  }

  private void jobs(Bus bus) {
    answer(
        bus,
        JobRequests.SOURCES,
        q ->
            new JobRequests.Sources(
                List.of(
                    new JobRequests.Source(
                        "images", "table", "jobs", null, null, null, null, null, 0, null, null,
                        null, false))));
    answer(bus, JobRequests.STUCK, q -> new JobRequests.Stuck(1, List.of(), Map.of()));
    answer(bus, JobRequests.FIND, q -> new JobRequests.FoundJob(null, false, null));
    answer(bus, DeadLetterRequests.LIST, q -> new DeadLetterRequests.DeadLetters(List.of(), "7"));
    answer(
        bus,
        JobRequests.SWEEP,
        sweep -> new JobRequests.Swept(sweep.dryRun(), 1, 1, 0, List.of(), 0, Map.of(), Map.of()));
  }

  private void rules(Bus bus) {
    answer(bus, SymptomRequests.RULES, q -> new SymptomRequests.RuleStates(List.of(rule())));
    answer(
        bus,
        SymptomRequests.TRY,
        q ->
            new SymptomRequests.Tried(
                q.rule(), "v", 3, START, START, true, null, List.of(), 0, 0, null));
    answer(
        bus,
        AgentRequests.RELOAD,
        q ->
            wrongRules
                ? new AgentRequests.Reloaded(
                    "rules.yaml",
                    1,
                    List.of(
                        new Flaw("rules.yaml:3", "rules[0].for", "\"x\" is wrong", "such as 30s"),
                        new Flaw("rules.yaml", "", "is not UTF-8 text", "")))
                : new AgentRequests.Reloaded("rules.yaml", 2, List.of()));
    answer(
        bus,
        HealRequests.DECIDE,
        decide ->
            new HealRequests.Decided(
                decide.reason().equals("fine"), "it waits for nobody: " + decide.reason()));
  }

  private static RuleState rule() {
    return new RuleState(
        "low_disk",
        "0a1b2c3d",
        "low_disk",
        Severity.WARNING,
        "act",
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        List.of("clear_cache"),
        Duration.ofMinutes(2),
        new RuleGuardrails(
            Duration.ofMinutes(1),
            5,
            Duration.ofHours(1),
            2,
            0.5,
            false,
            List.of(),
            List.of(),
            Duration.ofHours(1),
            10),
        List.of(),
        null,
        false);
  }

  private <Q, R> void answer(Bus bus, Request<Q, R> request, Function<Q, R> reply) {
    bus.answer(
        request,
        question -> {
          asked.add(question);
          return Future.succeededFuture(reply.apply(question));
        });
  }

  private static Recorded recorded(long offset) {
    byte[] json =
        ("{\"epoch\":9,\"offset\":" + offset + ",\"raw\": 1.50}").getBytes(StandardCharsets.UTF_8);
    return new Recorded(
        9, offset, "id", START, "worker.lost", Severity.WARNING, "worker/a", null, false, json);
  }

  private static Incident incident() {
    return new Incident(
        INCIDENT,
        "worker.lost",
        "worker/images.1",
        "a",
        "worker-lost",
        "1",
        Severity.WARNING,
        Incident.State.OPENED,
        "images.1 is gone",
        Json.text(Map.of("type", "worker.lost")),
        START,
        null,
        null,
        List.of(),
        List.of(),
        List.of());
  }
}
