package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code why}, a process of its own, beside an agent that heals; then beside another agent. */
@Timeout(180)
class WhyTest {
  @TempDir private Path directory;

  @Test
  void anIncidentAndItsJobAreToldByTheAgentThatHealedAndByAnother() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable jobs = JobTable.create(url);
    String config = "database: { url: \"%s\" }\n".formatted(url.reveal()) + JobTable.source("");
    try (AgentUnderTest agent = AgentUnderTest.configured(directory, "agent", config);
        AgentUnderTest other = AgentUnderTest.configured(directory, "other", config)) {
      agent.startReady();
      AgentUnderTest.Ran none = agent.run("why", "last");
      assertEquals(1, none.exit());
      assertEquals("There has been no incident.", none.err().strip());
      Process gone = new ProcessBuilder("true").start();
      gone.waitFor();
      long job = jobs.hold(gone.pid(), 1);
      agent.await(
          "it is healed", () -> agent.incidents().size() == 1 && agent.openIncidents() == 0);
      String id = agent.incidents().getFirst().path("id").asText();
      tells(agent, id, job, gone.pid());
      agent.await(
          "PostgreSQL has it",
          () ->
              jobs.number("SELECT count(*) FROM selfheal.events WHERE type = 'job.rescued'") == 1);
      agent.terminate();
      assertEquals(0, agent.exit());
      // Looked at before all parts run; that is nothing to warn of.
      jobs.hold(ProcessHandle.current().pid(), 1);
      other.startReady();
      assertFalse(other.log().contains("could not judge the holders"), other::log);
      tells(other, id, job, gone.pid());
      refuses(other);
      findsByParts(other, url);
    }
  }

  private static void tells(AgentUnderTest agent, String id, long job, long pid) throws Exception {
    AgentUnderTest.Ran whole = agent.run("why", id);
    assertEquals(0, whole.exit(), whole.err());
    String out = whole.out();
    assertTrue(out.contains("Incident " + id + " of agent agent"), out);
    assertTrue(out.contains("\n  jobs/" + job + "  requeue: its holder is gone\n"), out);
    assertTrue(out.contains("      - no process " + pid), out);
    assertTrue(out.contains("1. requeue_jobs on "), out);
    assertTrue(out.contains("HOW IT ENDED\n"), out);
    assertEquals(out, agent.run("why", id.substring(0, 30)).out());
    assertEquals(out, agent.run("why", id.substring(24)).out());
    assertEquals(out, agent.run("why", "last").out());
    JsonNode json = Json.mapper().readTree(agent.run("why", "-o", "json", "last").out());
    assertEquals(id, json.at("/incident/id").asText());
    assertTrue(json.path("complete").asBoolean(), json::toString);
    AgentUnderTest.Ran one = agent.run("why", "jobs/" + job);
    assertEquals(0, one.exit(), one.err());
    assertTrue(one.out().contains("in incident " + id + "  requeue: its holder"), one.out());
    assertTrue(one.out().contains("NOW\n  not running"), one.out());
  }

  /** Two decisions of a kind, on jobs whose ids are arrays, are in the journal of both agents. */
  private static void findsByParts(AgentUnderTest agent, PostgresUrl url) throws Exception {
    TestPostgres.execute(
        url,
        """
        INSERT INTO selfheal.events (agent, epoch, "offset", time, id, type, severity, subject,
                                     incident_id, sample, json)
        SELECT agent, epoch, "offset" + place, time, gen_random_uuid(), type, severity,
               'job/jobs/' || made, NULL, sample,
               replace(replace(json::text, data.whole, to_json(made)::text),
                       '"incident_id"', '"was"')::json
        FROM selfheal.events,
             (VALUES (1000000, '["thumb", "57d6"]'), (1000001, '["mail", "57d7"]'),
                     (1000002, '["print", "57d7"]')) AS job (place, made),
             LATERAL (SELECT to_json(json #>> '{data,job_id}')::text) AS data (whole)
        WHERE type = 'job.rescued'
        """);
    String whole = agent.run("why", "jobs/[\"thumb\", \"57d6\"]").out();
    assertTrue(whole.startsWith("Job jobs/[\"thumb\", \"57d6\"]\n"), whole);
    assertTrue(whole.contains("  requeue: its holder is gone\n"), whole);
    assertEquals(whole, agent.run("why", "jobs/57d6").out());
    assertEquals(whole, agent.run("why", "jobs/[\"thumb\",\"57d6\"]").out());
    AgentUnderTest.Ran several = agent.run("why", "jobs/57d7");
    assertEquals(1, several.exit());
    assertTrue(several.err().contains("  jobs/[\"mail\", \"57d7\"]\n"), several.err());
    assertTrue(several.err().contains("  jobs/[\"print\", \"57d7\"]\n"), several.err());
    String none = agent.run("why", "jobs/x").out();
    assertTrue(none.contains("NOW\n  nothing is known of a job with this id"), none);
    assertTrue(none.contains("an id of this source looks like [\""), none);
  }

  private static void refuses(AgentUnderTest agent) throws Exception {
    AgentUnderTest.Ran unknown = agent.run("why", "ffff");
    assertEquals(1, unknown.exit());
    assertTrue(unknown.err().contains("begins or ends with \"ffff\""), unknown.err());
    AgentUnderTest.Ran source = agent.run("why", "mails/1");
    assertEquals(0, source.exit(), source.err());
    assertTrue(source.out().contains("not known: source is not a configured source"), source.out());
  }
}
