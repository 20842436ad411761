package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
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

/** Verdicts over a worker as a whole, of real processes. */
@Timeout(120)
final class CrewTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path home;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endAll() {
    processes.forEach(Process::destroyForcibly);
  }

  private static Verdict judge(Agent agent, Duration knownFor, Duration newerThan) {
    Holder holder =
        new Holder(
            "k",
            "images",
            null,
            OptionalLong.empty(),
            OptionalLong.empty(),
            null,
            knownFor,
            knownFor,
            newerThan,
            true,
            false);
    return agent.ask(WorkerRequests.JUDGE, new JudgeHolders(List.of(holder))).verdicts().getFirst();
  }

  private static void is(Ruling ruling, String evidence, Verdict verdict) {
    assertEquals(ruling, verdict.ruling(), verdict.toString());
    assertTrue(verdict.evidence().getFirst().contains(evidence), verdict.toString());
  }

  @Test
  void theOnlyProcessOfAWorkerIsTheHolderUntilItEnds() throws Exception {
    List<String> command = List.of("sleep", "600");
    try (Agent agent = new Agent(home, Agent.run("images", 1, true, command)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      agent.settled("images", "images.1");
      is(
          Ruling.ALIVE,
          "images.1 lives and could hold it",
          judge(agent, Duration.ZERO, Duration.ZERO));
      is(Ruling.DEAD, "images.1, the oldest, started", judge(agent, HOUR, HOUR));
      Agent.signal("KILL", process.pid());
      agent.lost(process);
      is(
          Ruling.DEAD,
          "no process of images lives; the last",
          judge(agent, Duration.ZERO, Duration.ZERO));
    }
  }

  @Test
  void aChildThatOutlivesItsParentMayWorkOn() throws Exception {
    Path child = home.resolve("child");
    List<String> command = List.of("sh", "-c", "sleep 600 & echo $! > " + child + "; wait");
    try (Agent agent = new Agent(home, Agent.run("images", 1, true, command)).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      while (!Files.exists(child) || Files.readString(child).isBlank()) {
        Thread.onSpinWait();
      }
      long pid = Long.parseLong(Files.readString(child).strip());
      Agent.signal("KILL", process.pid());
      agent.lost(process);
      is(Ruling.UNKNOWN, "pid " + pid + " (sleep) lives and may work", judge(agent, HOUR, HOUR));
      is(
          Ruling.UNKNOWN,
          "it has the environment of images.1",
          judge(agent, Duration.ZERO, Duration.ZERO));
      Agent.signal("KILL", pid);
      while (Proc.open().identity(pid).isPresent()) {
        Thread.onSpinWait();
      }
      is(Ruling.DEAD, "no process of images lives", judge(agent, Duration.ZERO, Duration.ZERO));
    }
  }

  /**
   * A process without children, that waits for what nobody sends; in a session of its own: in that
   * of the build other tests start processes, too, which would be taken for its kin.
   */
  private long found() throws Exception {
    Process process =
        new ProcessBuilder("setsid", "sh", "-c", "echo $$; read nothing", "selfheal-crew-" + home)
            .start();
    processes.add(process);
    return Long.parseLong(process.inputReader().readLine().strip());
  }

  @Test
  void aProcessThatIsNotWatchedYetCounts() throws Exception {
    WorkerConfig worker =
        Agent.worker(
            "images", new WorkerConfig.Way.Command(Pattern.compile("selfheal-crew-" + home)));
    long first = found();
    try (Agent agent = new Agent(home, worker)) {
      Agent.wait(agent.vertx.deployVerticle(agent.watch));
      is(Ruling.UNKNOWN, "no process of images was seen", judge(agent, HOUR, HOUR));
      Agent.wait(agent.watch.search());
      ProcessIdentity process = agent.process("images", "images@" + first);
      long second = found();
      Agent.signal("KILL", process.pid());
      agent.lost(process);
      is(Ruling.UNKNOWN, "images@" + second + " lives", judge(agent, Duration.ZERO, HOUR));
      assertEquals(1, agent.list("images").processes().size(), "it was taken by the way");
      Agent.signal("KILL", second);
      processes.getLast().waitFor();
      is(Ruling.DEAD, "no process of images lives; the last", judge(agent, Duration.ZERO, HOUR));
    }
  }
}
