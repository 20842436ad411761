package io.selfheal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.cli.Finding.Level;
import io.selfheal.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorPageTest {
  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.mapper().readTree(text);
  }

  @Test
  void whatIsToBeMendedStandsBelowWhatWasSeen() {
    List<Finding> findings =
        List.of(
            Finding.ok("JDK", "Java 25"),
            Finding.warn("pressure", "not told", "boot with\npsi=1"),
            Finding.fail("token", "others may have read it", "delete it"));
    assertEquals(
        """
        ok    JDK       Java 25
        warn  pressure  not told
                        -> boot with
                           psi=1
        fail  token     others may have read it
                        -> delete it

        1 ok, 1 to look at, 1 failed
        """,
        DoctorPage.of(findings, false));
    assertTrue(DoctorPage.of(findings, true).contains("\u001b[31mfail  \u001b[0mtoken"));
    assertFalse(DoctorPage.well(findings));
    assertTrue(DoctorPage.well(findings.subList(0, 2)), "warnings do not fail");
  }

  @Test
  void anAgentOfAnotherVersionIsToBeRestarted() throws JsonProcessingException {
    JsonNode agent = json("{\"name\":\"a\",\"pid\":7,\"uptime_ms\":4200,\"version\":\"0.1\"}");
    assertEquals(
        Finding.ok("agent", "a runs as pid 7 since 4.2 s, version 0.1"),
        AgentFindings.agent(agent, "0.1"));
    assertEquals("restart the agent", AgentFindings.agent(agent, "0.2").mend());
  }

  @Test
  void onlyComponentsThatAreNotWellAreNamed() throws JsonProcessingException {
    String check = "{\"name\":\"%s\",\"status\":\"%s\",\"detail\":\"why\"}";
    JsonNode health =
        json(
            "{\"checks\":["
                + String.join(
                    ",",
                    check.formatted("host", "healthy"),
                    check.formatted("jobs", "degraded"),
                    check.formatted("database", "unavailable"))
                + "]}");
    assertEquals(
        List.of(
            Finding.warn("component jobs", "degraded: why", ""),
            Finding.fail("component database", "unavailable: why", "")),
        AgentFindings.components(health));
    assertEquals(
        List.of(Finding.ok("components", "all healthy")),
        AgentFindings.components(json("{\"checks\":[]}")));
  }

  @Test
  void aSourceThatDoesNotFitComesWithEveryGrant() throws JsonProcessingException {
    JsonNode source =
        json(
            """
            {"name":"images","preset":"table","table":"public.jobs","advice":null,
             "problem":"the role a lacks SELECT on id; run: GRANT SELECT (\\"id\\") ON jobs TO a; \
            the role a lacks UPDATE on state; run: GRANT UPDATE (\\"state\\") ON jobs TO a"}""");
    assertEquals(
        Finding.fail(
            "source images",
            "public.jobs (table): the role a lacks SELECT on id; the role a lacks UPDATE on state",
            "GRANT SELECT (\"id\") ON jobs TO a; GRANT UPDATE (\"state\") ON jobs TO a;"),
        AgentFindings.source(source));
  }

  @Test
  void aHoldHoldersOfAnotherFormAndAnAdviceAreAllTold() throws JsonProcessingException {
    Finding all =
        AgentFindings.source(
            json(
                """
            {"name":"a","preset":"river","table":"j","problem":null,"held":"memory is short",
             "unproven":"5 of 5 holders have another form","advice":"CREATE INDEX x"}"""));
    assertEquals(Finding.Level.WARN, all.level());
    assertTrue(all.what().contains("; rescues wait: memory is short; 5 of 5 holders "), all.what());
    assertTrue(all.what().endsWith("; looks would be cheaper with an index"), all.what());
    assertEquals("CREATE INDEX x", all.mend());
  }

  @Test
  void whatIsMissingForPoisonComesWithItsGrants() throws JsonProcessingException {
    Finding lacking =
        AgentFindings.source(
            json(
                """
            {"name":"a","preset":"solid-queue","table":"j","problem":null,
             "lacking":"the role a lacks INSERT on f; run: GRANT INSERT ON f TO a"}"""));
    assertEquals(Finding.Level.WARN, lacking.level());
    assertTrue(
        lacking
            .what()
            .endsWith("; jobs that kill their workers stay claimed: the role a lacks INSERT on f"),
        lacking.what());
    assertEquals("GRANT INSERT ON f TO a;", lacking.mend());
  }

  @Test
  void adviceIsNoFailure() throws JsonProcessingException {
    JsonNode source =
        json(
            """
            {"name":"images","preset":"river","table":"public.j","problem":null,"rescued":3,
             "last_sweep":"2026-03-01T03:12:04Z","last_sweep_took_ms":12,
             "advice":"CREATE INDEX CONCURRENTLY ON j (id)"}""");
    Finding finding = AgentFindings.source(source);
    assertEquals(Level.WARN, finding.level());
    assertEquals("CREATE INDEX CONCURRENTLY ON j (id)", finding.mend());
    assertTrue(finding.what().contains("took 12 ms, 3 rescued so far"), finding.what());
  }

  @Test
  void aSourceThatIsOnlyLookedAtSaysSo() throws JsonProcessingException {
    JsonNode source =
        json("{\"name\":\"a\",\"preset\":\"que\",\"table\":\"q\",\"only_looked_at\":true}");
    assertEquals(
        Finding.ok("source a", "q (que) fits, and is only looked at"),
        AgentFindings.source(source));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          OK   | {"id":"w","found":"run","wanted":1,"problem":null,"processes":[{"instance":"w.1","liveness":"running"}]}
          WARN | {"id":"w","found":"run","wanted":2,"problem":null,"processes":[{"instance":"w.1","liveness":"running"}]}
          WARN | {"id":"w","found":"run","wanted":1,"problem":null,"processes":[{"instance":"w.1","liveness":"frozen"}]}
          WARN | {"id":"w","found":"command","wanted":null,"problem":null,"processes":[]}
          FAIL | {"id":"w","found":"unit","wanted":null,"problem":"no such unit","processes":[]}
          """)
  void workersThatLackProcessesAreToBeLookedAt(Level level, String worker)
      throws JsonProcessingException {
    assertEquals(level, AgentFindings.worker(json(worker)).level());
  }
}
