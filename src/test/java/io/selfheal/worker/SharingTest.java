package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.store.EmbeddedPostgres;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two agents with clocks of their own, both wrong, on the real PostgreSQL; a statement makes the
 * view of one that of another machine.
 */
@Timeout(120)
final class SharingTest {
  /**
   * Of no process: the highest that Linux can give. One that was given and ended may come again at
   * once, for other tests turn the kernel's counter back.
   */
  private static final long ABSENT = 4_194_303;

  private static final String MOVE =
      "UPDATE selfheal.views SET host = 'there', boot_id = 'boot-there' WHERE agent = 'two'";

  private final Path home;

  SharingTest(@TempDir Path home) {
    this.home = home;
  }

  private Agent one(PostgresUrl url) {
    return new Agent(home.resolve("one"), "one", url).start();
  }

  private Agent two(PostgresUrl url) {
    Agent two =
        new Agent(
            home.resolve("two"),
            "two",
            url,
            Agent.run("images", 1, false, List.of("sleep", "600")));
    two.clock.pass(Duration.ofHours(1));
    two.start();
    Agent.wait(two.watch.share());
    TestPostgres.execute(url, MOVE);
    return two;
  }

  private static Verdict judge(Agent agent, long pid, Duration known) {
    Holder holder =
        new Holder(
            "k",
            "images",
            "there",
            OptionalLong.of(pid),
            OptionalLong.empty(),
            null,
            Duration.ZERO,
            known,
            null);
    return agent.ask(WorkerRequests.JUDGE, new JudgeHolders(List.of(holder))).verdicts().getFirst();
  }

  private static void is(Ruling ruling, String evidence, Verdict verdict) {
    assertEquals(ruling, verdict.ruling(), verdict.toString());
    assertTrue(verdict.evidence().getFirst().contains(evidence), verdict.toString());
  }

  @Test
  void anotherAgentsWorkerIsAliveUntilThatAgentSeesItEnd() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    Duration longAgo = Duration.ofMinutes(1);
    try (Agent one = one(url);
        Agent two = two(url)) {
      ProcessIdentity process = two.process("images", "images.1");
      Agent.wait(one.watch.share());
      is(Ruling.ALIVE, "agent two (", judge(one, process.pid(), Duration.ZERO));
      Agent.signal("KILL", process.pid());
      two.lost(process);
      Agent.wait(two.watch.share());
      Agent.wait(one.watch.share());
      is(Ruling.DEAD, "agent two (", judge(one, process.pid(), longAgo));
      is(Ruling.UNKNOWN, "not known yet", judge(one, process.pid(), Duration.ZERO));
      two.stop();
      Agent.wait(one.watch.share());
      is(Ruling.UNKNOWN, "the row names host there", judge(one, process.pid(), longAgo));
    }
  }

  @Test
  void withoutTheDatabaseViewsGrowOldAndComeBackWithIt() throws Exception {
    EmbeddedPostgres server = TestPostgres.ownServer(home.resolve("pg"));
    PostgresUrl url = server.start();
    try (Agent one = one(url);
        Agent two = two(url)) {
      long pid = two.process("images", "images.1").pid();
      Agent.wait(one.watch.share());
      is(Ruling.ALIVE, "agent two (", judge(one, pid, Duration.ZERO));
      server.stop();
      Agent.wait(one.watch.share());
      is(Ruling.ALIVE, "agent two (", judge(one, pid, Duration.ZERO));
      one.clock.pass(Duration.ofSeconds(11));
      Agent.wait(one.watch.share());
      is(Ruling.UNKNOWN, "too old", judge(one, pid, Duration.ZERO));
      server.start();
      for (int i = 0; i < 100_000 && judge(one, pid, Duration.ZERO).ruling() != Ruling.ALIVE; i++) {
        Agent.wait(two.watch.share());
        Agent.wait(one.watch.share());
      }
      is(Ruling.ALIVE, "agent two (", judge(one, pid, Duration.ZERO));
      // The store tells of the database; workers are no worse off for it.
      assertEquals(0, degraded(one));
    } finally {
      server.stop();
    }
  }

  /** A row of this host, with the pid of a process that this agent never watched. */
  private static Verdict judgeHere(Agent agent, long pid) throws Exception {
    Holder holder =
        new Holder(
            "k",
            "images",
            Proc.open().host(),
            OptionalLong.of(pid),
            OptionalLong.empty(),
            null,
            Duration.ZERO,
            Duration.ofMinutes(1),
            null);
    return agent.ask(WorkerRequests.JUDGE, new JudgeHolders(List.of(holder))).verdicts().getFirst();
  }

  private Agent sleeper(String name, PostgresUrl url) {
    WorkerConfig images = Agent.run("images", 1, true, List.of("sleep", "600"));
    return new Agent(home.resolve(name), name, url, images);
  }

  @Test
  void anAgentOfThisNameThatWithdrewItsViewIsStillADoubt() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    try (Agent one = sleeper("one", url).start();
        Agent two = sleeper("two", url)) {
      is(Ruling.DEAD, "no process", judgeHere(one, ABSENT));
      two.start();
      TestPostgres.execute(url, "UPDATE selfheal.views SET boot_id = 'b' WHERE agent = 'two'");
      Agent.wait(two.watch.share());
      Agent.wait(one.watch.share());
      is(Ruling.UNKNOWN, "same name of agent two", judgeHere(one, ABSENT));
      two.stop();
      Agent.wait(one.watch.share());
      is(Ruling.UNKNOWN, "same name of agent two", judgeHere(one, ABSENT));
    }
  }

  @Test
  void beforeTheFirstReadingAnAbsentPidProvesNothing() throws Exception {
    EmbeddedPostgres server = TestPostgres.ownServer(home.resolve("pg"));
    PostgresUrl url = server.start();
    server.stop();
    try (Agent one = sleeper("one", url).startAway()) {
      is(Ruling.UNKNOWN, "could not be read", judgeHere(one, ABSENT));
      ProcessIdentity own = one.process("images", "images.1");
      Agent.signal("KILL", own.pid());
      one.lost(own);
      is(Ruling.DEAD, "seen to end", judgeHere(one, own.pid()));
      server.start();
      for (int i = 0; i < 100_000 && judgeHere(one, ABSENT).ruling() != Ruling.DEAD; i++) {
        Agent.wait(one.watch.share());
      }
      is(Ruling.DEAD, "no process", judgeHere(one, ABSENT));
    } finally {
      server.stop();
    }
  }

  private static long degraded(Agent agent) {
    return agent.events.all(ComponentEvent.Changed.class).stream()
        .filter(event -> event.component().equals("workers"))
        .filter(event -> event.status() != ComponentEvent.Status.HEALTHY)
        .count();
  }

  @Test
  void whatForbidsSharingIsSaidOnceAndTakenBack() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    try (Agent one = one(url)) {
      TestPostgres.execute(url, "ALTER TABLE selfheal.views RENAME TO away");
      Agent.wait(one.watch.share());
      awaitStatus(one, ComponentEvent.Status.DEGRADED);
      Agent.wait(one.watch.share());
      assertEquals(1, degraded(one));
      one.events.forget();
      TestPostgres.execute(url, "ALTER TABLE selfheal.away RENAME TO views");
      Agent.wait(one.watch.share());
      awaitStatus(one, ComponentEvent.Status.HEALTHY);
    }
  }

  private static void awaitStatus(Agent agent, ComponentEvent.Status status)
      throws InterruptedException {
    agent.events.await(
        ComponentEvent.Changed.class,
        event -> event.component().equals("workers") && event.status() == status);
  }
}
