package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerEvent.End;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.StartInstance;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.RulesReader;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Symptom;
import io.selfheal.symptom.Symptoms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The symptom {@code crash_loop} on real processes that end by real signals. */
@Timeout(120)
class CrashSymptomTest {
  private static Detector detector() throws BadConfiguration {
    Map<String, Symptom> all =
        Symptoms.all().stream().collect(Collectors.toMap(Symptom::name, one -> one));
    return new RulesReader(all, Map.of())
        .read("rules.yaml", "rules: [{name: it, symptom: crash_loop}]")
        .all()
        .getFirst()
        .detectors()
        .detector();
  }

  /** Ends the worker so often, and starts it again each time; answers what was read meanwhile. */
  private static List<Presence> ends(Path home, String signal, End end, int times)
      throws Exception {
    List<Presence> presences = new ArrayList<>();
    try (Agent agent =
        new Agent(home, Agent.run("images", 1, false, List.of("sleep", "600"))).start()) {
      Detector detector = detector();
      Surroundings around = new Surroundings(agent.clock.time(), agent.bus, Optional.empty());
      for (int i = 0; i < times; i++) {
        ProcessIdentity process = agent.process("images", "images.1");
        Agent.signal(signal, process.pid());
        WorkerEvent.Lost lost = agent.lost(process);
        assertEquals(end, lost.end(), lost.evidence());
        List<Reading> readings = detector.take(lost, around);
        readings.forEach(reading -> assertEquals("worker/images.1", reading.subject()));
        readings.forEach(reading -> presences.add(reading.presence()));
        agent.ask(
            WorkerRequests.START, new StartInstance("images", "images.1", process, "it was lost"));
      }
    }
    return presences;
  }

  @Test
  void aWorkerThatCrashesAgainAndAgain(@TempDir Path home) throws Exception {
    assertEquals(
        List.of(Presence.BETWEEN, Presence.BETWEEN, Presence.PRESENT),
        ends(home, "SEGV", End.CRASHED, 3));
  }

  @Test
  void aWorkerThatAPersonRestartsAgainAndAgain(@TempDir Path home) throws Exception {
    List<Presence> presences = ends(home, "TERM", End.ORDERLY, 5);
    assertTrue(presences.stream().allMatch(one -> one == Presence.BETWEEN), presences.toString());
  }
}
