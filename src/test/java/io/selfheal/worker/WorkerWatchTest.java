package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ComponentEvent;
import io.selfheal.message.Outcome;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.ProcessSample;
import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.message.WorkerRequests.Ended;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.StartInstance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, real signals. */
@Timeout(120)
final class WorkerWatchTest {
  private static final List<String> SLEEP = List.of("sleep", "600");

  private final Path home;

  WorkerWatchTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void aKilledWorkerIsLostWithItsIdentityAndStartedAgain() throws Exception {
    try (Agent agent = new Agent(home, Agent.run("images", 2, false, SLEEP)).start()) {
      ProcessIdentity first = agent.process("images", "images.1");
      ProcessIdentity second = agent.process("images", "images.2");
      assertNotEquals(first, second);
      Agent.signal("KILL", first.pid());
      WorkerEvent.Lost lost = agent.lost(first);
      assertEquals("images.1", lost.instance());
      assertEquals(Owner.AGENT, lost.owner());
      assertEquals(Liveness.LOST, agent.instance("images", "images.1").liveness());

      Ended started =
          agent.ask(
              WorkerRequests.START, new StartInstance("images", "images.1", first, "it was lost"));
      assertEquals(Outcome.DONE, started.outcome(), started.detail());
      assertEquals(agent.process("images", "images.1"), started.process());
      assertEquals(1, agent.instance("images", "images.1").restarts());

      Ended again =
          agent.ask(
              WorkerRequests.START, new StartInstance("images", "images.1", first, "it was lost"));
      assertEquals(Outcome.ALREADY_DONE, again.outcome(), again.detail());
      assertEquals(second, agent.process("images", "images.2"));
    }
  }

  @Test
  void secretsOfItsCommandAreNotShown() {
    List<String> command = List.of("sh", "-c", "sleep 600", "w", "--password", "s3cr3t");
    try (Agent agent = new Agent(home, Agent.run("images", 1, true, command)).start()) {
      assertEquals(
          "sh -c sleep 600 w --password ***", agent.instance("images", "images.1").command());
    }
  }

  @Test
  void aStoppedProcessIsFrozenAndRecoversWhenItRunsAgain() throws Exception {
    try (Agent agent = new Agent(home, Agent.run("images", 1, false, SLEEP)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      Agent.signal("STOP", process.pid());
      agent.untilState("images", "images.1", 'T');
      assertEquals(0, agent.events.count(WorkerEvent.Unresponsive.class));
      agent.seconds(4);
      WorkerEvent.Unresponsive event = agent.events.await(WorkerEvent.Unresponsive.class);
      assertEquals(WorkerEvent.Unwell.FROZEN, event.reason());
      assertEquals(process, event.process());
      assertEquals(Liveness.FROZEN, agent.instance("images", "images.1").liveness());
      Verdict verdict = judge(agent, holder("images", null, process.pid(), null));
      assertEquals(Verdict.Ruling.ALIVE, verdict.ruling());
      assertTrue(verdict.evidence().getFirst().contains("state T"), verdict.toString());

      Agent.signal("CONT", process.pid());
      agent.untilState("images", "images.1", 'S');
      assertEquals(process, agent.events.await(WorkerEvent.Recovered.class).process());
      assertEquals(1, agent.events.count(WorkerEvent.Unresponsive.class));
    }
  }

  @Test
  void aProcessThatIsTakenOverFrozenIsNeverShownRunning() throws Exception {
    ProcessIdentity process;
    try (Agent agent = new Agent(home, Agent.run("images", 1, false, SLEEP)).start()) {
      process = agent.process("images", "images.1");
      Agent.signal("STOP", process.pid());
      agent.untilState("images", "images.1", 'T');
      agent.stop();
    }
    try (Agent next = new Agent(home, Agent.run("images", 1, false, SLEEP)).start()) {
      assertEquals(process, next.process("images", "images.1"));
      assertEquals(Liveness.FROZEN, next.instance("images", "images.1").liveness());
    }
  }

  @Test
  void aStartThatIsAskedForWhileProcessesAreTakenOverFillsTheSlotOnce() throws Exception {
    ProcessIdentity process;
    try (Agent agent = new Agent(home, Agent.run("images", 1, false, SLEEP)).start()) {
      process = agent.process("images", "images.1");
      agent.settled("images", "images.1");
      agent.stop();
    }
    Agent other = new Agent(home);
    try {
      Facts facts = Facts.read(home);
      Tools tools = new Tools(other.vertx, other.bus, other.clock.time(), facts.proc());
      WorkersConfig config = new WorkersConfig(List.of(Agent.run("images", 1, false, SLEEP)));
      Room room = Room.build(tools, config, facts, DeathWatch.start(token -> {}), null, () -> {});
      StartInstance query = new StartInstance("images", "images.1", null, "a test");
      Promise<Ended> started = Promise.promise();
      other.vertx.runOnContext(
          nothing -> {
            Future<Void> adopted = room.adoption().bringUp();
            Future<Ended> answer = room.starter().start(query);
            Future.join(adopted, answer).map(done -> answer.result()).onComplete(started);
          });
      assertEquals(Outcome.ALREADY_DONE, Agent.wait(started.future()).outcome());
      assertEquals(process, other.events.await(WorkerEvent.Found.class).process());
      assertEquals(1, room.roster().living().size());
      other.bus.publish(new WorkerEvent.Started("mark", "mark", process));
      other.events.await(WorkerEvent.Started.class);
      assertEquals(1, other.events.count(WorkerEvent.Found.class));
      assertEquals(0, other.events.count(ComponentEvent.Changed.class), "a false problem");
    } finally {
      ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
      other.close();
    }
  }

  @Test
  void aProcessWhoseEndNobodyWaitsForAnyMoreIsLostWhenItEnds() throws Exception {
    try (Agent agent = new Agent(home, Agent.run("images", 1, false, SLEEP)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      agent.settled("images", "images.1");
      Agent.signal("STOP", process.pid());
      agent.untilState("images", "images.1", 'T');
      EndProcess end =
          new EndProcess("images.1", process, Duration.ofHours(1), Duration.ofMillis(20), "a test");
      assertEquals(Outcome.FAILED, agent.ask(WorkerRequests.END, end).outcome());
      Agent.signal("KILL", process.pid());
      assertEquals("images.1", agent.lost(process).instance());
      assertEquals(0, agent.events.count(WorkerEvent.Stopped.class));
    }
  }

  @Test
  void nobodyIsJudgedBeforeTheProcessesThatRanAlreadyAreKnown() throws Exception {
    try (Agent agent = new Agent(home, Agent.run("images", 1, false, SLEEP)).start()) {
      agent.settled("images", "images.1");
      agent.stop();
    }
    try (Agent next = new Agent(home, Agent.run("images", 1, false, SLEEP))) {
      Holder holder =
          new Holder(
              "k",
              "images",
              null,
              OptionalLong.empty(),
              OptionalLong.empty(),
              "images.1",
              Duration.ZERO);
      Future<WorkerRequests.Verdicts> first =
          untilAnswered(next, new JudgeHolders(List.of(holder)));
      next.start();
      Verdict verdict = Agent.wait(first).verdicts().getFirst();
      assertEquals(Verdict.Ruling.ALIVE, verdict.ruling(), verdict.toString());
    }
  }

  /** Asks again and again, from before anybody answers. */
  private static Future<WorkerRequests.Verdicts> untilAnswered(Agent agent, JudgeHolders query) {
    Promise<WorkerRequests.Verdicts> answer = Promise.promise();
    ask(agent, query, answer);
    return answer.future();
  }

  private static void ask(
      Agent agent, JudgeHolders query, Promise<WorkerRequests.Verdicts> answer) {
    agent
        .bus
        .ask(WorkerRequests.JUDGE, query, Duration.ofSeconds(30))
        .onSuccess(answer::complete)
        .onFailure(nobody -> agent.vertx.runOnContext(again -> ask(agent, query, answer)));
  }

  @Test
  void anEndedProcessIsStoppedAndNotLost() throws Exception {
    try (Agent agent = new Agent(home, Agent.run("images", 1, false, SLEEP)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      EndProcess end =
          new EndProcess(
              "images.1", process, Duration.ofSeconds(20), Duration.ofSeconds(25), "a test");
      Ended ended = agent.ask(WorkerRequests.END, end);
      assertEquals(Outcome.DONE, ended.outcome(), ended.detail());
      assertFalse(Agent.lives(process));
      assertEquals("a test", agent.events.await(WorkerEvent.Stopped.class).reason());
      Verdict dead = judge(agent, holder("images", null, process.pid(), Duration.ZERO));
      assertEquals(WorkerEvent.End.ORDERLY, dead.end(), "its jobs are not to blame");
      assertEquals("its end was wanted: a test", dead.evidence().get(1));
      assertEquals(0, agent.events.count(WorkerEvent.Lost.class));
      assertEquals(Liveness.STOPPED, agent.instance("images", "images.1").liveness());
      assertEquals(Outcome.ALREADY_DONE, agent.ask(WorkerRequests.END, end).outcome());
    }
  }

  @Test
  void aFrozenProcessOutlivesTermAndDiesByKill() throws Exception {
    try (Agent agent = new Agent(home, Agent.run("images", 1, false, SLEEP)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      Agent.signal("STOP", process.pid());
      agent.untilState("images", "images.1", 'T');
      Ended late =
          agent.ask(
              WorkerRequests.END,
              new EndProcess(
                  "images.1", process, Duration.ofSeconds(60), Duration.ofMillis(50), "soft"));
      assertEquals(Outcome.FAILED, late.outcome(), late.detail());
      assertTrue(Agent.lives(process));
      Ended killed =
          agent.ask(
              WorkerRequests.END,
              new EndProcess("images.1", process, Duration.ZERO, Duration.ofSeconds(20), "hard"));
      assertEquals(Outcome.DONE, killed.outcome(), killed.detail());
      assertFalse(Agent.lives(process));
      assertEquals(0, agent.events.count(WorkerEvent.Lost.class));
    }
  }

  @Test
  void processesOfNoWorkerAreNotEnded() throws Exception {
    try (Agent agent = new Agent(home, Agent.run("images", 1, false, SLEEP)).start()) {
      ProcessIdentity worker = agent.process("images", "images.1");
      ProcessIdentity self = Proc.open().identity(ProcessHandle.current().pid()).orElseThrow();
      Ended refused =
          agent.ask(
              WorkerRequests.END,
              new EndProcess("x", self, Duration.ZERO, Duration.ofSeconds(5), "a mistake"));
      assertEquals(Outcome.REFUSED, refused.outcome());
      ProcessIdentity other =
          new ProcessIdentity(worker.bootId(), worker.pid(), worker.startTicks() - 1);
      Ended gone =
          agent.ask(
              WorkerRequests.END,
              new EndProcess("images.1", other, Duration.ZERO, Duration.ofSeconds(5), "late"));
      assertEquals(Outcome.ALREADY_DONE, gone.outcome());
      assertTrue(Agent.lives(worker));
    }
  }

  @Test
  void theNextAgentAdoptsWhatTheLastOneLeft() throws Exception {
    ProcessIdentity first;
    try (Agent agent = new Agent(home, Agent.run("images", 2, false, SLEEP)).start()) {
      first = agent.process("images", "images.1");
      agent.stop();
    }
    assertTrue(Agent.lives(first));
    try (Agent next = new Agent(home, Agent.run("images", 2, false, SLEEP)).start()) {
      assertEquals(first, next.process("images", "images.1"));
      assertEquals(
          first,
          next.events
              .await(WorkerEvent.Found.class, found -> found.instance().equals("images.1"))
              .process());
      assertEquals(0, next.events.count(WorkerEvent.Started.class));
      Agent.signal("KILL", first.pid());
      next.lost(first);
    }
  }

  @Test
  void anAgentWithAnotherDataDirectoryAdoptsNothing(@TempDir Path elsewhere) {
    try (Agent agent = new Agent(home, Agent.run("images", 1, false, SLEEP)).start();
        Agent other = new Agent(elsewhere, Agent.run("images", 1, false, SLEEP)).start()) {
      assertNotEquals(agent.process("images", "images.1"), other.process("images", "images.1"));
    }
  }

  @Test
  void onStopEndsThem() {
    try (Agent agent = new Agent(home, Agent.run("images", 2, true, SLEEP)).start()) {
      ProcessIdentity process = agent.process("images", "images.2");
      agent.stop();
      assertFalse(Agent.lives(process));
    }
  }

  @Test
  void aProgramThatIsMissingIsAProblemOfItsWorkerOnly() throws Exception {
    try (Agent agent =
        new Agent(
                home,
                Agent.run("broken", 1, false, List.of("no-such-program-anywhere")),
                Agent.run("images", 1, false, SLEEP))
            .start()) {
      String problem = agent.list("broken").problem();
      assertNotNull(problem);
      assertTrue(problem.contains("no-such-program-anywhere"), problem);
      assertNull(agent.list("images").problem());
      agent.process("images", "images.1");
      agent.events.await(
          ComponentEvent.Changed.class, event -> event.status() == ComponentEvent.Status.DEGRADED);
      Ended failed =
          agent.ask(WorkerRequests.START, new StartInstance("broken", "broken.1", null, "again"));
      assertEquals(Outcome.FAILED, failed.outcome());
    }
  }

  @Test
  void outputGoesToAFileAndMarksAreInTheEnvironment() throws Exception {
    List<String> command =
        List.of("sh", "-c", "echo I am $SELFHEAL_WORKER $SELFHEAL_INSTANCE; exec sleep 600");
    try (Agent agent = new Agent(home, Agent.run("images", 1, true, command)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      Proc proc = Proc.open();
      ProcStat stat = agent.settled("images", "images.1");
      assertEquals(process.pid(), stat.session());
      assertEquals(
          new Marks("images", "images.1", home.toRealPath().toString()),
          proc.marks(process.pid()).orElseThrow());
      while (Files.size(home.resolve("workers/images.1.log")) == 0) {
        Thread.onSpinWait();
      }
      agent.stop();
      assertEquals(
          "I am images images.1\n", Files.readString(home.resolve("workers/images.1.log")));
    }
  }

  @Test
  void samplesSayWhatAProcessUses() throws Exception {
    List<String> busy = List.of("sh", "-c", "while :; do :; done");
    try (Agent agent = new Agent(home, Agent.run("busy", 1, false, busy)).start()) {
      agent.settled("busy", "busy.1");
      agent.seconds(2);
      WorkerEvent.Sampled event =
          agent.events.await(
              WorkerEvent.Sampled.class,
              one -> one.reading().cpuShare() >= 0 && one.reading().rssBytes() > 0);
      ProcessSample sample = event.reading();
      assertTrue(sample.rssBytes() > 0, sample.toString());
      assertEquals(1, sample.threads());
      assertTrue(sample.openFiles() >= 3, sample.toString());
      assertTrue(sample.writeBytesPerSecond() >= 0, sample.toString());
    }
  }

  @Test
  void verdictsOverRealProcesses() throws Exception {
    try (Agent agent = new Agent(home, Agent.run("images", 1, false, SLEEP)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      assertEquals(
          Verdict.Ruling.ALIVE, judge(agent, holder("images", null, process.pid(), null)).ruling());
      Holder ofYesterday = holder("images", null, process.pid(), Duration.ofDays(1));
      assertEquals(Verdict.Ruling.UNKNOWN, judge(agent, ofYesterday).ruling());
      Holder known =
          new Holder(
              "k",
              "images",
              null,
              ofYesterday.pid(),
              ofYesterday.startTicks(),
              null,
              Duration.ZERO,
              Duration.ofDays(1),
              null);
      assertEquals(Verdict.Ruling.DEAD, judge(agent, known).ruling());
      assertEquals(
          Verdict.Ruling.UNKNOWN,
          judge(agent, holder("images", "elsewhere", process.pid(), null)).ruling());
      assertEquals(
          Verdict.Ruling.UNKNOWN,
          judge(agent, holder("nobody", null, process.pid(), null)).ruling());
      Agent.signal("KILL", process.pid());
      agent.lost(process);
      Verdict dead = judge(agent, holder("images", null, process.pid(), Duration.ZERO));
      assertEquals(Verdict.Ruling.DEAD, dead.ruling());
      assertTrue(dead.evidence().getFirst().contains("seen to end"), dead.toString());
      assertEquals(WorkerEvent.End.CRASHED, dead.end());
    }
  }

  private static Holder holder(
      String worker, @Nullable String host, long pid, @Nullable Duration claimAge) {
    return new Holder(
        "k", worker, host, OptionalLong.of(pid), OptionalLong.empty(), null, claimAge);
  }

  private static Verdict judge(Agent agent, Holder holder) {
    return agent.ask(WorkerRequests.JUDGE, new JudgeHolders(List.of(holder))).verdicts().getFirst();
  }
}
