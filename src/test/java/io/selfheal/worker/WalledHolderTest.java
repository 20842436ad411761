package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that call themselves by pids which this host does not have. */
@Timeout(60)
final class WalledHolderTest {
  private final Path home;
  private final List<Process> started = new ArrayList<>();

  WalledHolderTest(@TempDir Path home) {
    this.home = home;
  }

  @AfterEach
  void end() {
    // The first process of a pid namespace takes all others of it with it.
    started.forEach(Process::destroyForcibly);
  }

  /** Starts a worker in a pid namespace of its own, with the host's name, by its own pid there. */
  private void contained(long pid) throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: only root makes pid namespaces here");
    Process container =
        new ProcessBuilder(
                "unshare",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                "echo "
                    + (pid - 1)
                    + " > /proc/sys/kernel/ns_last_pid; sleep 600 & echo $!; read end; kill $!; wait; echo ended; read end")
            .start();
    started.add(container);
    assumeTrue(
        Long.toString(pid).equals(line(container)),
        "skipped: this kernel does not let a test choose a pid");
  }

  private static String line(Process process) throws Exception {
    // A process gives the same reader each time: nothing that it has read ahead is lost.
    return String.valueOf(process.inputReader().readLine());
  }

  private static void told(Process container) throws Exception {
    container.outputWriter().write("\n");
    container.outputWriter().flush();
    assertEquals("ended", line(container));
  }

  private static long absentPid(Proc proc) {
    return LongStream.range(3_000, 30_000)
        .filter(
            pid ->
                proc.sight(pid) instanceof Sighting.Absent
                    && proc.sight(pid + 1) instanceof Sighting.Absent)
        .findFirst()
        .orElseThrow();
  }

  private static Verdict judge(Agent agent, String host, long pid) {
    return judge(agent, holder(host, pid)).getFirst();
  }

  private static List<Verdict> judge(Agent agent, Holder... holders) {
    agent.clock.pass(Duration.ofSeconds(1));
    return agent.ask(WorkerRequests.JUDGE, new JudgeHolders(List.of(holders))).verdicts();
  }

  private static Holder holder(String host, long pid) {
    return new Holder(
        "k",
        null,
        host,
        OptionalLong.of(pid),
        OptionalLong.empty(),
        null,
        Duration.ZERO,
        Duration.ofMillis(1),
        null);
  }

  @Test
  void aWorkerInAContainerWithTheHostsNameKeepsItsJobUntilItEnds() throws Exception {
    Proc proc = Proc.open();
    long pid = absentPid(proc);
    try (Agent agent = new Agent(home).start()) {
      contained(pid);
      Verdict lives = judge(agent, proc.host(), pid);
      assertEquals(Ruling.UNKNOWN, lives.ruling(), lives.toString());
      String why = lives.evidence().getFirst();
      assertTrue(why.contains("pid " + pid + " may be process "), why);
      assertTrue(why.contains("(sleep)"), why);
      assertTrue(why.endsWith("which a container calls " + pid), why);
      Verdict other = judge(agent, proc.host(), pid + 1);
      assertEquals(Ruling.DEAD, other.ruling(), other.toString());
      amongOthers(agent, proc.host(), pid, lives);
      told(started.getFirst());
      Verdict ended = judge(agent, proc.host(), pid);
      assertEquals(Ruling.DEAD, ended.ruling(), ended.toString());
    }
  }

  /** Each holder of a question has its own verdict, whichever of them were looked for. */
  private static void amongOthers(Agent agent, String host, long pid, Verdict lives) {
    List<Verdict> all =
        judge(
            agent,
            holder(host, ProcessHandle.current().pid()),
            holder(host, pid),
            holder("elsewhere", pid),
            holder(host, pid + 1));
    assertEquals(
        List.of(Ruling.ALIVE, Ruling.UNKNOWN, Ruling.UNKNOWN, Ruling.DEAD),
        all.stream().map(Verdict::ruling).toList());
    assertEquals(why(lives), why(all.get(1)));
    assertTrue(all.get(2).evidence().getFirst().startsWith("the row names host elsewhere"));
  }

  /** Without how long ago it started. */
  private static String why(Verdict verdict) {
    return verdict.evidence().getFirst().replaceAll("started .* ago", "");
  }

  @Test
  void aProcessThatStartedAfterTheLookIsFoundForAClaimThatIsNew() throws Exception {
    Proc proc = Proc.open();
    long pid = absentPid(proc);
    try (Agent agent = new Agent(home).start()) {
      Verdict before = judge(agent, proc.host(), pid);
      assertEquals(Ruling.DEAD, before.ruling(), before.toString());
      contained(pid);
      Verdict after = judge(agent, proc.host(), pid);
      assertEquals(Ruling.UNKNOWN, after.ruling(), after.toString());
    }
  }
}
