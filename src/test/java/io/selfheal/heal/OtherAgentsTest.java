package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.message.Incident;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Severity;
import io.selfheal.message.Subject;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.rule.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as the same thing for two agents of one host. */
class OtherAgentsTest {
  private static final String SLOT = Subject.worker(Scene.SLOT);

  @TempDir private Path directory;
  private HostClaims one;
  private HostClaims other;

  @BeforeEach
  void open() {
    one = new HostClaims(List.of(directory));
    other = new HostClaims(List.of(directory));
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  private static SymptomEvent.Seen seen(String subject, @Nullable ProcessIdentity process) {
    return new SymptomEvent.Seen(
        "low_disk",
        "v1",
        "low_disk",
        subject,
        Severity.WARNING,
        "it is so",
        Map.of(),
        Duration.ZERO,
        process);
  }

  private static Incident opened(
      HostClaims claims, SymptomEvent.Seen seen, @Nullable List<Worker> workers) {
    Gate gate = new RuleGate(History.EMPTY, List::of, workers, Optional.empty(), claims);
    World world =
        new World(
            Scene.CONFIG,
            PauseSwitch.RUNNING,
            Ladders.rules(Mode.ACT, "clear_cache"),
            gate,
            Guarded.NOON);
    return IncidentPlan.open(
            BuiltIns.match(seen).orElseThrow(), "incident", "agent", List.of(), world)
        .next()
        .incident();
  }

  private void both(boolean act, SymptomEvent.Seen first, SymptomEvent.Seen second) {
    both(act, first, second, Scene.workers(4711, Liveness.RUNNING));
  }

  private void both(
      boolean act,
      SymptomEvent.Seen first,
      SymptomEvent.Seen second,
      @Nullable List<Worker> workers) {
    assertEquals(StepState.INTENDED, opened(one, first, workers).steps().getFirst().state());
    Incident incident = opened(other, second, workers);
    StepState state = incident.steps().getFirst().state();
    assertEquals(act ? StepState.INTENDED : StepState.PLANNED, state);
    boolean held =
        incident.guardrails().stream()
            .anyMatch(verdict -> verdict.name().equals("other_agents") && !verdict.allowed());
    assertEquals(!act, held);
  }

  /** Else it would do once more what the other has just done. */
  @Test
  void whatAnotherHadIsLookedAtAnew() {
    SymptomEvent.Seen disk = seen("mount/var/log", null);
    one.take(disk.subject(), "first");
    Gate gate = new RuleGate(History.EMPTY, List::of, List.of(), Optional.empty(), other);
    World world =
        new World(
            Scene.CONFIG,
            PauseSwitch.RUNNING,
            Ladders.rules(Mode.ACT, "clear_cache"),
            gate,
            Guarded.NOON);
    Case held =
        IncidentPlan.open(BuiltIns.match(disk).orElseThrow(), "incident", "agent", List.of(), world)
            .next();
    one.release("first");
    Case free = IncidentPlan.react(held, Ladders.stale(), world).next();
    assertEquals(StepState.PLANNED, free.incident().steps().getFirst().state());
    Case unknown = IncidentPlan.react(free, Ladders.unknown(), world).next();
    assertEquals(StepState.PLANNED, unknown.incident().steps().getFirst().state());
    Case still = IncidentPlan.react(unknown, Ladders.there(), world).next();
    assertEquals(StepState.INTENDED, still.incident().steps().getFirst().state());
    Case gone = IncidentPlan.react(unknown, Ladders.gone(), world).next();
    assertEquals(Incident.State.SELF_RECOVERED, gone.incident().state());
  }

  @Test
  void aDiskIsTheSame() {
    SymptomEvent.Seen disk = seen("mount/var/log", null);
    both(false, disk, disk);
  }

  @Test
  void aProcessIsTheSameWhateverItsWorkerIsCalled() {
    both(
        false,
        seen(SLOT, Scene.process(4711)),
        seen(Subject.worker("mails@4711"), Scene.process(4711)));
  }

  @Test
  void theOwnProcessesOfTwoAgentsAreNot() {
    both(true, seen(SLOT, Scene.process(4711)), seen(SLOT, Scene.process(4712)));
  }

  @Test
  void aSlotThatTheAgentFillsIsItsOwn() {
    both(true, seen(SLOT, null), seen(SLOT, null));
  }

  @Test
  void whileTheWorkersAreNotKnownItsNameCounts() {
    both(false, seen(SLOT, null), seen(SLOT, null), null);
  }
}
