package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.message.WorkerRequests.Ended;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes in control groups that kill them for memory, or freeze them. */
@Timeout(120)
final class ControlGroupTest {
  private static final String NO_GROUP =
      "this host does not let the test make such a control group: it needs root and a writable"
          + " hierarchy below /sys/fs/cgroup";
  private static final List<String> SLEEP = List.of("sleep", "600");

  @TempDir private Path home;

  @Test
  void aProcessThatTheKernelKillsForMemoryIsSaidToBe() throws Exception {
    Optional<TestGroup> made = TestGroup.memory(16 << 20);
    assumeTrue(made.isPresent(), NO_GROUP);
    Path gate = home.resolve("gate");
    List<String> eater =
        List.of("sh", "-c", "until [ -e " + gate + " ]; do sleep 0.02; done; exec tail /dev/zero");
    try (TestGroup group = made.orElseThrow();
        Agent agent = new Agent(home, Agent.run("images", 1, true, eater)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      group.add(process.pid());
      agent.seconds(2);
      Files.createFile(gate);
      WorkerEvent.Lost lost = agent.lost(process);
      assertTrue(lost.evidence().contains("killed for memory: oom_kill of "), lost.toString());
      assertTrue(lost.evidence().contains(" rose from 0 to 1"), lost.toString());
      Holder holder =
          new Holder(
              "k",
              "images",
              null,
              OptionalLong.of(process.pid()),
              OptionalLong.empty(),
              null,
              Duration.ZERO);
      Verdict verdict = judge(agent, holder);
      assertEquals(Verdict.Ruling.DEAD, verdict.ruling());
      assertTrue(verdict.outOfMemory(), verdict.toString());
      assertTrue(verdict.evidence().get(1).contains("killed for memory"), verdict.toString());
    }
  }

  @Test
  void aKillThatIsNotForMemoryIsNotSaidToBe() throws Exception {
    Optional<TestGroup> made = TestGroup.memory(16 << 20);
    assumeTrue(made.isPresent(), NO_GROUP);
    try (TestGroup group = made.orElseThrow();
        Agent agent = new Agent(home, Agent.run("images", 1, true, SLEEP)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      group.add(process.pid());
      agent.seconds(2);
      Agent.signal("KILL", process.pid());
      assertTrue(!agent.lost(process).evidence().contains("memory"));
    }
  }

  @Test
  void whatTheFreezerHoldsIsFrozenAndCanBeEnded() throws Exception {
    Optional<TestGroup> made = TestGroup.freezer(true);
    assumeTrue(made.isPresent(), NO_GROUP);
    try (TestGroup group = made.orElseThrow();
        Agent agent = new Agent(home, Agent.run("images", 1, true, SLEEP)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      group.add(process.pid());
      group.write("cgroup.freeze", "1");
      untilFrozen(agent);
      agent.seconds(5);
      WorkerEvent.Unresponsive event =
          agent.events.await(WorkerEvent.Unresponsive.class, one -> one.process().equals(process));
      assertEquals(WorkerEvent.Unwell.FROZEN, event.reason());
      assertTrue(event.evidence().contains("cgroup.events: frozen 1"), event.evidence());
      group.write("cgroup.freeze", "0");
      agent.seconds(1);
      agent.events.await(WorkerEvent.Recovered.class, one -> one.process().equals(process));
      group.write("cgroup.freeze", "1");
      untilFrozen(agent);
      assertEquals(Outcome.DONE, kill(agent, process, Duration.ofSeconds(20)).outcome());
    }
  }

  /** A process that the old freezer holds does not even end by KILL. */
  @Test
  void onTheOldFreezerTheEndFailsAndSaysWhy() throws Exception {
    Optional<TestGroup> made = TestGroup.freezer(false);
    assumeTrue(made.isPresent(), NO_GROUP);
    try (TestGroup group = made.orElseThrow();
        Agent agent = new Agent(home, Agent.run("images", 1, true, SLEEP)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      group.add(process.pid());
      group.write("freezer.state", "FROZEN");
      untilFrozen(agent);
      agent.seconds(5);
      WorkerEvent.Unresponsive event =
          agent.events.await(WorkerEvent.Unresponsive.class, one -> one.process().equals(process));
      assertTrue(event.evidence().contains("freezer.state: FROZEN"), event.evidence());
      Ended ended = kill(agent, process, Duration.ofMillis(20));
      assertEquals(Outcome.FAILED, ended.outcome());
      assertTrue(ended.detail().contains("write THAWED into " + group.directory), ended.detail());
      group.write("freezer.state", "THAWED");
      agent.lost(process);
    }
  }

  private static void untilFrozen(Agent agent) {
    for (int i = 0; i < 10_000; i++) {
      Agent.wait(agent.watch.sample());
      if (agent.instance("images", "images.1").liveness() == WorkerRequests.Liveness.FROZEN) {
        return;
      }
    }
    throw new AssertionError("images.1 was never seen frozen");
  }

  private static Ended kill(Agent agent, ProcessIdentity process, Duration limit) {
    return agent.ask(
        WorkerRequests.END, new EndProcess("images.1", process, Duration.ZERO, limit, "a test"));
  }

  private static Verdict judge(Agent agent, Holder holder) {
    return agent.ask(WorkerRequests.JUDGE, new JudgeHolders(List.of(holder))).verdicts().getFirst();
  }
}
