package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.store.EmbeddedPostgres;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database that nobody configured. */
@Timeout(240)
class EmbeddedDefaultTest {
  /** The agent promises 10 s; the machine may be slow to notice. */
  private static final Duration HUNG_STOP = AgentUnderTest.STOP_LIMIT.plusSeconds(10);

  @TempDir private Path directory;

  @Test
  void outlivesAKillIsAdoptedStoppedCleanlyAndKeepsItsData() throws Exception {
    EmbeddedPostgres postgres = null;
    try (AgentUnderTest agent =
        AgentUnderTest.configured(directory, "home", "database: { url: embedded }\n")) {
      postgres = EmbeddedPostgres.in(agent.dataDir());
      agent.startReady();
      long first = postmaster(agent);
      PostgresUrl url = postgres.start();
      assertEquals("on", JobTable.query(url, "SHOW fsync").getFirst());
      TestPostgres.execute(url, "CREATE TABLE kept AS SELECT 42 AS answer");

      agent.kill();
      assertTrue(alive(first));
      agent.startReady();
      assertEquals(first, postmaster(agent));
      assertTrue(agent.log().contains("Adopted the embedded PostgreSQL"), agent::log);

      agent.terminate();
      assertEquals(0, agent.exit(), agent::log);
      Await.until("PostgreSQL is gone", agent::log, () -> !alive(first));
      assertTrue(doctor(agent).contains("the embedded PostgreSQL does not run"));
      assertFalse(Files.exists(pidFile(agent)), "not a clean stop");

      agent.startReady();
      assertEquals("42", JobTable.query(url, "SELECT answer FROM kept").getFirst());
      agent.await(
          "all starts are kept",
          () ->
              JobTable.query(url, "SELECT id FROM selfheal.events WHERE type = 'agent.started'")
                      .size()
                  == 3);
      String seen = doctor(agent);
      assertTrue(seen.contains("embedded, " + url + " answers: PostgreSQL "), seen);
      endsThoughPostgresHangs(agent);
    } finally {
      if (postgres != null) {
        postgres.stop();
      }
    }
  }

  private static String doctor(AgentUnderTest agent) throws Exception {
    AgentUnderTest.Ran ran = agent.run("doctor");
    assertEquals(0, ran.exit(), ran.out() + ran.err());
    return ran.out();
  }

  /** A frozen PostgreSQL cannot be stopped; the agent leaves without it. */
  private static void endsThoughPostgresHangs(AgentUnderTest agent) throws Exception {
    long postmaster = postmaster(agent);
    signal("STOP", postmaster);
    try {
      agent.terminate();
      assertEquals(1, agent.exit(HUNG_STOP), agent::log);
      assertTrue(agent.log().contains("The stop hangs"), agent::log);
    } finally {
      signal("CONT", postmaster);
    }
  }

  private static void signal(String name, long pid) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor());
  }

  private static Path pidFile(AgentUnderTest agent) {
    return agent.dataDir().resolve("postgres/data/postmaster.pid");
  }

  private static long postmaster(AgentUnderTest agent) throws Exception {
    return Long.parseLong(Files.readAllLines(pidFile(agent)).getFirst());
  }

  /** A zombie lives no more, however long nobody looks at it. */
  private static boolean alive(long pid) throws Exception {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    if (!Files.exists(stat)) {
      return false;
    }
    String text = Files.readString(stat);
    return text.charAt(text.lastIndexOf(')') + 2) != 'Z';
  }
}
