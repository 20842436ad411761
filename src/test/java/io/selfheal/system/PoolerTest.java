package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.store.PgBouncer;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent reaches its own database, and the jobs, through a PgBouncer that pools transactions.
 */
@Timeout(180)
class PoolerTest {
  @TempDir private Path directory;

  @Test
  void saysHowToMigrateThenHealsAndWritesItsJournalThroughIt() throws Exception {
    PostgresUrl direct = TestPostgres.freshDatabase();
    JobTable jobs = JobTable.create(direct);
    try (PgBouncer pooler = PgBouncer.before(direct);
        AgentUnderTest beside = AgentUnderTest.configured(directory, "beside", config(direct));
        AgentUnderTest agent =
            AgentUnderTest.configured(directory, "agent", config(pooler.through(direct)))) {
      agent.start().awaitListening();
      agent.await(
          "the cure is told",
          () -> agent.check("database").path("detail").asText().contains("./agent.sh migrate"));
      AgentUnderTest.Ran refused = agent.run("migrate");
      assertEquals(1, refused.exit());
      assertTrue(refused.err().contains("over a direct connection"), refused.err());
      assertEquals(0, beside.run("migrate").exit());
      agent.awaitReady();
      Process gone = new ProcessBuilder("true").start();
      gone.waitFor();
      long first = jobs.hold(gone.pid(), 200);
      agent.await("all are rescued", () -> jobs.number("SELECT count(*) FROM rescues") == 200);
      agent.await("it is over", () -> agent.openIncidents() == 0);
      assertEquals(1, jobs.rescues(first));
      agent.await(
          "the journal has it",
          () ->
              jobs.number("SELECT count(*) FROM selfheal.events WHERE type = 'job.rescued'")
                  == 200);
      assertTrue(Archive.of(direct, "agent").whole());
      assertEquals(200, agent.get("/health/ready").statusCode(), agent::log);
      AgentUnderTest.Ran doctor = agent.run("doctor");
      assertEquals(0, doctor.exit(), doctor.out() + doctor.err());
      assertTrue(doctor.out().contains("behind a pooler"), doctor.out());
      assertEquals(0, agent.run("why", "jobs/" + first).exit());
    }
  }

  private static String config(PostgresUrl url) {
    return "database: { url: \"%s\" }\n".formatted(url.reveal()) + JobTable.source("");
  }
}
