package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.container.Cases;
import io.selfheal.container.Systemd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.function.Executable;

/**
 * A real agent whose workers are units of a real systemd, in a container, see {@link
 * UnitHealingTest}. What befalls them befalls all of them at once.
 */
final class UnitHealingCases implements Cases {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Set<String> STOPPED = Set.of("stopped", "failing", "deaf");
  private static final Set<String> RESTARTED = Set.of("restarted", "deployed");

  private final UnitPremises premises = new UnitPremises();
  private final AgentUnderTest agent = premises.agent;
  private final Healed healed = new Healed(agent);
  private final Map<String, Instant> caused = new HashMap<>();

  UnitHealingCases() throws Exception {
    Files.writeString(UnitPremises.BROKEN, "");
    Files.writeString(UnitPremises.BURN, "");
    caused.put("hungry", Instant.now());
    Systemd.run("stop", "--no-block", "stopped", "failing", "deaf");
    Systemd.run("restart", "restarted");
    unit("deployed").with("Environment=RELEASE=2").write();
    Systemd.run("daemon-reload");
    Systemd.run("restart", "deployed");
    Systemd.run("restart", "spoiled");
    for (String killed : List.of("plain", "itself", "later", "looping", "crashing")) {
      signal(killed, "KILL");
    }
    Systemd.mask("masked");
    signal("masked", "KILL");
    signal("halted", "STOP");
    caused.put("iced", Instant.now());
    Files.writeString(Systemd.group(premises.pid("iced")).resolve("cgroup.freeze"), "1");
  }

  private void signal(String name, String signal) throws Exception {
    caused.put(name, Instant.now());
    unit(name).signal(signal);
  }

  private UnitWorker unit(String name) {
    return premises.unit(name);
  }

  @Override
  public Map<String, Executable> all() {
    Map<String, Executable> all = new LinkedHashMap<>();
    all.put("aUnitWhoseProcessIsKilledIsBroughtBackAndItsStoryTold", this::killed);
    all.put("aFrozenUnitIsBroughtBack", this::frozen);
    all.put("whatSystemdBringsBackIsNotRestartedAgain", this::itself);
    all.put("aMaskedUnitThatDiesIsAPersons", this::masked);
    all.put("aUnitWhoseStartLimitIsHitIsAPersons", this::limit);
    all.put("aDeployThatDoesNotStartIsAPersons", this::spoiled);
    all.put("aUnitThatCrashesAgainAndAgainIsStopped", this::crashes);
    all.put("aBusyUnitIsThrottledUntilItIsQuiet", this::throttled);
    all.put("anAgentThatIsKilledDuringARestartDoesNotDoItAgain", this::agentKilled);
    all.put("whatAPersonStopsOrRestartsIsNoIncident", this::planned);
    return all;
  }

  @Override
  public void close() {
    premises.close();
  }

  private JsonNode healed(String rule, String symptom, String name, Duration stated)
      throws Exception {
    Instant since = Objects.requireNonNull(caused.get(name));
    JsonNode incident =
        healed.beside(new Healed.Fault(rule, symptom, premises.subject(name), since, stated));
    assertEquals("closed", incident.path("state").asText(), incident.toPrettyString());
    return incident;
  }

  /** Started so often, and the newest of them is the one the agent sees. */
  private void started(String name, int times) throws Exception {
    UnitWorker unit = unit(name);
    agent.await(name + " is watched", () -> premises.watched(unit));
    assertEquals(times, unit.started().size(), name);
    assertEquals("active", Systemd.show(name, "ActiveState"), name);
  }

  private void killed() throws Exception {
    JsonNode incident = healed("lost_worker", "worker.lost", "plain", SECOND);
    started("plain", 2);
    AgentUnderTest.Ran why = agent.run("why", incident.path("id").asText());
    List<String> story =
        List.of(
            "plain died: pid " + premises.pid("plain") + " ended by signal 9 (KILL)",
            "plain.service has failed (signal); systemd restarted it",
            "plain runs as pid " + unit("plain").pid());
    for (String told : story) {
      assertTrue(why.out().contains(told), told + " is not told:\n" + why.out() + why.err());
    }
  }

  private void frozen() throws Exception {
    for (String name : List.of("halted", "iced")) {
      healed("frozen_worker", "worker.unresponsive", name, SECOND.multipliedBy(2));
      started(name, 2);
    }
  }

  private void itself() throws Exception {
    for (String name : List.of("itself", "later")) {
      JsonNode incident = healed.over("lost_worker", premises.subject(name));
      assertEquals("self_recovered", incident.path("state").asText(), incident.toPrettyString());
      started(name, 2);
      assertEquals("1", Systemd.show(name, "NRestarts"));
    }
  }

  private JsonNode escalated(String rule, String subject, String words) throws Exception {
    JsonNode incident = healed.over(rule, subject);
    String whole = incident.toPrettyString();
    assertEquals("escalated", incident.path("state").asText(), whole);
    assertTrue(incident.path("result").asText().contains(words), whole);
    return incident;
  }

  private void masked() throws Exception {
    String subject = premises.subject("masked");
    JsonNode incident = escalated("lost_worker", subject, "systemctl unmask masked.service");
    assertEquals(
        List.of("requeue_jobs", "restart_worker"),
        StreamSupport.stream(incident.path("steps").spliterator(), false)
            .map(step -> step.path("remedy").asText())
            .toList(),
        "nothing else is tried in vain");
    assertEquals(1, unit("masked").started().size());
  }

  private void limit() throws Exception {
    String subject = premises.subject("looping");
    escalated("lost_worker", subject, "systemctl reset-failed looping.service");
    assertEquals("failed", Systemd.show("looping", "ActiveState"));
  }

  private void spoiled() throws Exception {
    String subject = premises.subject("spoiled");
    JsonNode incident = escalated("lost_worker", subject, "the limit is 3");
    String summary = incident.path("summary").asText();
    assertTrue(summary.contains("restart spoiled.service, which did not come back"), summary);
  }

  private void crashes() throws Exception {
    escalated("crashes", "worker/crashing", "after systemctl stop crashing.service it is inactive");
    assertEquals("inactive", Systemd.show("crashing", "ActiveState"));
  }

  private void throttled() throws Exception {
    Systemd.await("hungry", "CPUQuotaPerSecUSec", "250ms");
    Files.delete(UnitPremises.BURN);
    healed("burns", "high_cpu", "hungry", SECOND.multipliedBy(12));
    assertEquals("infinity", Systemd.show("hungry", "CPUQuotaPerSecUSec"));
    assertEquals(List.of(), Systemd.dropIns("hungry"));
    started("hungry", 1);
  }

  private void agentKilled() throws Exception {
    Files.writeString(UnitPremises.HOLD, "");
    signal("slow", "KILL");
    Systemd.await("slow", "SubState", "start-pre");
    agent.kill();
    agent.startReady();
    String subject = premises.subject("slow");
    agent.await(
        "it is taken up",
        () ->
            agent.incidents().stream()
                .filter(one -> one.path("subject").asText().equals(subject))
                .anyMatch(one -> one.path("timeline").toString().contains("taken_up")));
    Files.delete(UnitPremises.HOLD);
    JsonNode incident = healed.over("lost_worker", subject);
    assertEquals("closed", incident.path("state").asText(), incident.toPrettyString());
    started("slow", 2);
    Path prepared = Path.of("/run/starts/slow.prepared");
    assertEquals(2, Files.readAllLines(prepared).size(), "it was restarted once");
  }

  /** Comes last: until then there was time for incidents to be opened. */
  private void planned() throws Exception {
    for (String name : RESTARTED) {
      started(name, 2);
    }
    Set<String> ended = new TreeSet<>();
    for (String name : STOPPED) {
      assertEquals(1, unit(name).started().size(), name);
      assertEquals("0", Systemd.show(name, "MainPID"));
      ended.add(premises.subject(name));
    }
    RESTARTED.forEach(name -> ended.add(premises.subject(name)));
    agent.await(
        "the agent knows that they were asked to end",
        () ->
            agent.events("worker.stopped").stream()
                .map(event -> event.path("subject").asText())
                .collect(Collectors.toSet())
                .containsAll(ended));
    agent.await("nothing is open", () -> agent.openIncidents() == 0);
    List<JsonNode> all = agent.incidents();
    assertTrue(
        all.stream().noneMatch(one -> ended.contains(one.path("subject").asText())), all::toString);
  }
}
