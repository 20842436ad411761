package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.container.Cases;
import io.selfheal.container.Systemd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final Set<String> STOPPED = Set.of("stopped", "failing", "deaf", "starting");
  private static final Set<String> RESTARTED = Set.of("restarted", "deployed");

  private final UnitPremises premises = new UnitPremises();
  private final AgentUnderTest agent = premises.agent;
  private final UnitFates fates = new UnitFates(premises);
  private final long job;

  UnitHealingCases() throws Exception {
    String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    job = premises.jobs.hold(host + ":" + premises.pid("stopped"), 1);
    fates.befall();
  }

  private UnitWorker unit(String name) {
    return premises.unit(name);
  }

  @Override
  public Map<String, Executable> all() {
    Map<String, Executable> all = new LinkedHashMap<>();
    all.put("aBusyUnitIsThrottledUntilItIsQuiet", this::throttled);
    all.put("aUnitWhoseProcessIsKilledIsBroughtBackAndItsStoryTold", this::killed);
    all.put("aUnitThatTellsItsEndAndFailsIsBroughtBack", this::quitting);
    all.put("aFrozenUnitIsBroughtBack", this::frozen);
    all.put("aSilentUnitIsEndedAndBroughtBack", this::silent);
    all.put("whatSystemdBringsBackIsNotRestartedAgain", this::itself);
    all.put("whatAPersonStopsBeforeItsNextStartStaysStopped", this::weary);
    all.put("aMaskedUnitThatDiesIsAPersons", this::masked);
    all.put("aUnitWhoseStartLimitIsHitIsAPersons", this::limit);
    all.put("aDeployThatDoesNotStartIsAPersons", this::spoiled);
    all.put("aUnitThatCrashesAgainAndAgainIsStopped", this::crashes);
    all.put("anAgentThatIsKilledDuringARestartDoesNotDoItAgain", this::agentKilled);
    all.put("whatAPersonStopsOrRestartsIsNoIncident", this::planned);
    return all;
  }

  @Override
  public void close() {
    premises.close();
  }

  private void killed() throws Exception {
    JsonNode incident =
        fates.healed("lost_worker", "worker.lost", premises.subject("plain"), SECOND);
    fates.started("plain", 2);
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

  private void quitting() throws Exception {
    fates.healed("lost_worker", "worker.lost", premises.subject("quitting"), SECOND);
    fates.started("quitting", 2);
  }

  private void frozen() throws Exception {
    for (String name : List.of("halted", "iced")) {
      fates.healed(
          "frozen_worker", "worker.unresponsive", premises.subject(name), SECOND.multipliedBy(2));
      fates.started(name, 2);
    }
  }

  private void silent() throws Exception {
    JsonNode incident = fates.over("silent_worker", premises.subject("silent"));
    String whole = incident.toPrettyString();
    assertEquals("closed", incident.path("state").asText(), whole);
    String why = "silent.service is inactive, as the agent has ended pid " + premises.pid("silent");
    assertTrue(whole.contains(why), whole);
    fates.started("silent", 2);
  }

  private void itself() throws Exception {
    for (String name : List.of("itself", "later")) {
      JsonNode incident = fates.over("lost_worker", premises.subject(name));
      assertEquals("self_recovered", incident.path("state").asText(), incident.toPrettyString());
      fates.started(name, 2);
      assertEquals("1", Systemd.show(name, "NRestarts"));
    }
  }

  private void weary() throws Exception {
    JsonNode incident = fates.over("lost_worker", premises.subject("weary"));
    String whole = incident.toPrettyString();
    assertEquals("self_recovered", incident.path("state").asText(), whole);
    assertTrue(whole.contains("weary.service was stopped by somebody; systemctl start"), whole);
    assertEquals(1, unit("weary").started().size());
  }

  private void masked() throws Exception {
    String subject = premises.subject("masked");
    JsonNode incident = fates.escalated("lost_worker", subject, "systemctl unmask masked.service");
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
    fates.escalated("lost_worker", subject, "systemctl reset-failed looping.service");
    assertEquals("failed", Systemd.show("looping", "ActiveState"));
  }

  /** Its new process may have been found before it died. */
  private void spoiled() throws Exception {
    agent.await(
        "a person has it",
        () ->
            agent.incidents().stream()
                .filter(one -> one.path("subject").asText().startsWith("worker/spoiled@"))
                .anyMatch(
                    one ->
                        one.path("state").asText().equals("escalated")
                            && one.path("result").asText().contains("the limit is 3")));
  }

  private void crashes() throws Exception {
    fates.escalated(
        "crashes", "worker/crashing", "after systemctl stop crashing.service it is inactive");
    assertEquals("inactive", Systemd.show("crashing", "ActiveState"));
  }

  private void throttled() throws Exception {
    Systemd.await("hungry", "CPUQuotaPerSecUSec", "250ms");
    Files.delete(UnitPremises.BURN);
    fates.healed("burns", "high_cpu", premises.subject("hungry"), SECOND.multipliedBy(12));
    assertEquals("infinity", Systemd.show("hungry", "CPUQuotaPerSecUSec"));
    assertEquals(List.of(), Systemd.dropIns("hungry"));
    fates.started("hungry", 1);
  }

  private void agentKilled() throws Exception {
    Files.writeString(UnitPremises.HOLD, "");
    fates.signal("slow", "KILL");
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
    JsonNode incident = fates.over("lost_worker", subject);
    assertEquals("closed", incident.path("state").asText(), incident.toPrettyString());
    fates.started("slow", 2);
    Path prepared = Path.of("/run/starts/slow.prepared");
    assertEquals(2, Files.readAllLines(prepared).size(), "it was restarted once");
  }

  /** Comes last: until then there was time for incidents to be opened. */
  private void planned() throws Exception {
    for (String name : RESTARTED) {
      fates.started(name, 2);
    }
    Set<String> ended = new TreeSet<>();
    for (String name : STOPPED) {
      assertEquals(1, unit(name).started().size(), name);
      assertEquals("0", Systemd.show(name, "MainPID"));
      ended.add(premises.subject(name));
    }
    assertEquals("ready", premises.jobs.state(job), "its job was given back");
    assertEquals(1, premises.jobs.rescues(job));
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
