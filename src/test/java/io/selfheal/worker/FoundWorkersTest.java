package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Outcome;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Heartbeat;
import io.selfheal.message.WorkerRequests.HeartbeatAccepted;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.StartInstance;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that the agent did not start. */
@Timeout(120)
final class FoundWorkersTest {
  private final Path home;
  private final List<Process> started = new ArrayList<>();

  FoundWorkersTest(@TempDir Path home) {
    this.home = home;
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process process(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    started.add(process);
    return process;
  }

  private static HeartbeatAccepted beat(Agent agent, String worker, long pid) {
    return agent.ask(
        WorkerRequests.HEARTBEAT,
        new Heartbeat(worker, OptionalLong.of(pid), List.of("7"), "half"));
  }

  @Test
  void byCommandLine() throws Exception {
    String argument = "600." + ProcessHandle.current().pid();
    Process sleep = process("sleep", argument);
    WorkerConfig.Way way =
        new WorkerConfig.Way.Command(Pattern.compile("^sleep " + Pattern.quote(argument) + "$"));
    try (Agent agent = new Agent(home, Agent.worker("found", way)).start()) {
      Agent.wait(agent.watch.search());
      WorkerEvent.Found found = agent.events.await(WorkerEvent.Found.class);
      assertEquals(sleep.pid(), found.process().pid());
      assertEquals("found@" + sleep.pid(), found.instance());
      sleep.destroyForcibly();
      assertEquals(Owner.OTHER, agent.lost(found.process()).owner());
      assertEquals(
          Outcome.REFUSED,
          agent
              .ask(
                  WorkerRequests.START,
                  new StartInstance("found", found.instance(), found.process(), "it was lost"))
              .outcome());
    }
  }

  /** Its parent, this JVM, takes its status away at once: only who holds the pidfd can have it. */
  @Test
  void howItEndedIsKnownAlthoughItsParentWasFaster() throws Exception {
    Process sleep = process("sleep", "600");
    Path file = home.resolve("w.pid");
    Files.writeString(file, sleep.pid() + "\n");
    WorkerConfig.Way way = new WorkerConfig.Way.PidFile(file);
    try (Agent agent = new Agent(home, Agent.worker("found", way)).start()) {
      Agent.wait(agent.watch.search());
      ProcessIdentity process = agent.events.await(WorkerEvent.Found.class).process();
      Agent.signal("TERM", process.pid());
      WorkerEvent.End end = agent.lost(process).end();
      // Until Linux 6.15 the kernel keeps it for nobody.
      assertTrue(end == WorkerEvent.End.ORDERLY || !keepsEnds(), end.toString());
      Holder holder =
          new Holder(
              "k",
              "found",
              null,
              OptionalLong.of(process.pid()),
              OptionalLong.empty(),
              null,
              Duration.ZERO);
      Verdict dead =
          agent.ask(WorkerRequests.JUDGE, new JudgeHolders(List.of(holder))).verdicts().getFirst();
      assertEquals(end, dead.end(), dead.toString());
    }
  }

  private static boolean keepsEnds() {
    String[] version = System.getProperty("os.version").split("[^0-9]+", 3);
    int major = Integer.parseInt(version[0]);
    return major > 6 || (major == 6 && Integer.parseInt(version[1]) >= 15);
  }

  @Test
  void bySecretsOfItsCommandLineThatAreNotShown() throws Exception {
    String argument = "600." + ProcessHandle.current().pid();
    String url = "postgresql://u:s3cr3t@h/" + argument;
    process("sh", "-c", "read line", "node", url, "--token", "t0 k3n", "--queue=mail");
    WorkerConfig.Way way =
        new WorkerConfig.Way.Command(Pattern.compile(Pattern.quote(url) + " --token t0 k3n"));
    String shown =
        "sh -c read line node postgresql://u:***@h/" + argument + " --token *** --queue=mail";
    try (Agent agent = new Agent(home, Agent.worker("found", way)).start()) {
      Agent.wait(agent.watch.search());
      WorkerEvent.Found found = agent.events.await(WorkerEvent.Found.class);
      assertEquals(shown, found.command());
      assertEquals(shown, agent.instance("found", found.instance()).command());
    }
  }

  @Test
  void byPidFile() throws Exception {
    Process sleep = process("sleep", "600");
    Path file = home.resolve("w.pid");
    WorkerConfig.Way way = new WorkerConfig.Way.PidFile(file);
    try (Agent agent = new Agent(home, Agent.worker("found", way)).start()) {
      assertNotNull(agent.list("found").problem());
      Files.writeString(file, sleep.pid() + "\n");
      Agent.wait(agent.watch.search());
      assertEquals(sleep.pid(), agent.events.await(WorkerEvent.Found.class).process().pid());
      assertNull(agent.list("found").problem());
    }
  }

  @Test
  void byHeartbeatUntilItFallsSilent() throws Exception {
    Process sleep = process("sleep", "600");
    try (Agent agent = new Agent(home).start()) {
      HeartbeatAccepted accepted = beat(agent, "announced", sleep.pid());
      assertTrue(accepted.accepted(), accepted.toString());
      assertEquals(Duration.ofSeconds(10), accepted.every());
      String instance = "announced@" + sleep.pid();
      assertEquals(instance, accepted.instance());
      assertEquals(List.of("7"), agent.instance("announced", instance).jobs());
      agent.seconds(45);
      WorkerEvent.Unresponsive silent = agent.events.await(WorkerEvent.Unresponsive.class);
      assertEquals(WorkerEvent.Unwell.SILENT, silent.reason());
      assertEquals(Liveness.SILENT, agent.instance("announced", instance).liveness());
      assertTrue(beat(agent, "announced", sleep.pid()).accepted());
      agent.events.await(WorkerEvent.Recovered.class);
      sleep.destroyForcibly();
      agent.lost(silent.process());
    }
  }

  @Test
  void heartbeatsThatProveNothingAreRefused() throws Exception {
    try (Agent agent =
        new Agent(home, Agent.run("images", 1, true, List.of("sleep", "600"))).start()) {
      assertFalse(beat(agent, "images", ProcessHandle.current().pid()).accepted());
      assertFalse(beat(agent, "new", 4_194_305).accepted());
      assertFalse(beat(agent, "Not a name", 1).accepted());
      long own = agent.process("images", "images.1").pid();
      assertEquals("images.1", beat(agent, "images", own).instance());
    }
  }

  @Test
  void aZombieIsDead() throws Exception {
    // The shell becomes a sleep that never reaps the child.
    Process parent = process("sh", "-c", "sleep 0.01 & echo $!; exec sleep 600");
    long zombie;
    try (BufferedReader reader = parent.inputReader()) {
      zombie = Long.parseLong(reader.readLine().strip());
    }
    try (Agent agent = new Agent(home).start()) {
      Proc proc = Proc.open();
      while (proc.stat(zombie).filter(stat -> !stat.ended()).isPresent()) {
        Thread.onSpinWait();
      }
      Holder holder =
          new Holder(
              "k",
              null,
              proc.host(),
              OptionalLong.of(zombie),
              OptionalLong.empty(),
              null,
              Duration.ZERO);
      Verdict verdict =
          agent.ask(WorkerRequests.JUDGE, new JudgeHolders(List.of(holder))).verdicts().getFirst();
      assertEquals(Verdict.Ruling.DEAD, verdict.ruling());
      assertTrue(verdict.evidence().getFirst().contains("zombie"), verdict.toString());
      assertFalse(beat(agent, "announced", zombie).accepted());
    }
  }

  @Test
  void aWorkerOutlivesItsKilledAgentAndIsAdopted() throws Exception {
    Process killed =
        process(
            ProcessHandle.current().info().command().orElseThrow(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            LeftBehind.class.getName(),
            home.toString());
    try (BufferedReader reader = killed.inputReader()) {
      assertTrue(reader.lines().anyMatch("up"::equals));
    }
    ProcScanner.Marked left =
        ProcScanner.marked(Proc.open(), home.toRealPath().toString()).getFirst();
    killed.destroyForcibly().waitFor();
    try (Agent agent =
        new Agent(home, Agent.run("images", 1, true, List.of("sleep", "600"))).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      assertEquals(left.stat().pid(), process.pid());
      assertEquals(0, agent.events.count(WorkerEvent.Started.class));
      agent.stop();
      assertFalse(Agent.lives(process));
    }
  }
}
