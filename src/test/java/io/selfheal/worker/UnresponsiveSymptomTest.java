package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.config.BadConfiguration;
import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.message.WorkerRequests.StartInstance;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.RulesReader;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Symptom;
import io.selfheal.symptom.Symptoms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The symptom {@code worker_unresponsive} on a real process with a real probe command. */
@Timeout(120)
class UnresponsiveSymptomTest {
  private static Detector detector(String probe) throws BadConfiguration {
    Map<String, Symptom> all =
        Symptoms.all().stream().collect(Collectors.toMap(Symptom::name, one -> one));
    String text =
        """
        rules:
          - name: it
            symptom: worker_unresponsive
            where: {worker: images, command: %s}
        """
            .formatted(probe);
    return new RulesReader(all, Map.of())
        .read("rules.yaml", text)
        .all()
        .getFirst()
        .detectors()
        .detector();
  }

  private static Reading look(Detector detector, Agent agent) throws Exception {
    agent.clock.pass(Duration.ofSeconds(10));
    return detector
        .look(new Surroundings(agent.clock.time(), agent.bus, Optional.empty()))
        .getFirst();
  }

  @Test
  void aWorkerThatRunsAndDoesNotAnswerIsToldWithItsProcess(@TempDir Path home) throws Exception {
    Path sick = home.resolve("sick");
    try (Agent agent =
        new Agent(home, Agent.run("images", 1, false, List.of("sleep", "600"))).start()) {
      ProcessIdentity first = agent.process("images", "images.1");
      Detector detector = detector("[sh, -c, 'test -d /proc/{pid} && test ! -e " + sick + "']");
      assertEquals(Presence.ABSENT, look(detector, agent).presence());
      Files.createFile(sick);
      assertEquals(Presence.BETWEEN, look(detector, agent).presence());
      assertEquals(Presence.BETWEEN, look(detector, agent).presence());
      Reading reading = look(detector, agent);
      assertEquals(Presence.PRESENT, reading.presence(), reading.evidence());
      assertEquals(first, reading.process());
      assertEquals("worker/images.1", reading.subject());

      // As a remedy does.
      agent.ask(
          WorkerRequests.END,
          new EndProcess(
              "images.1", first, Duration.ofSeconds(5), Duration.ofSeconds(20), "unresponsive"));
      assertEquals(Presence.UNKNOWN, look(detector, agent).presence());
      agent.ask(
          WorkerRequests.START, new StartInstance("images", "images.1", first, "unresponsive"));
      assertEquals(Presence.UNKNOWN, look(detector, agent).presence());
      Files.delete(sick);
      reading = look(detector, agent);
      assertEquals(Presence.ABSENT, reading.presence(), reading.evidence());
      assertEquals(agent.process("images", "images.1"), reading.process());
      detector.close();
    }
  }

  @Test
  void oneThatAPersonHasStoppedIsNotJudged(@TempDir Path home) throws Exception {
    try (Agent agent =
        new Agent(home, Agent.run("images", 1, false, List.of("sleep", "600"))).start()) {
      ProcessIdentity process = agent.process("images", "images.1");
      agent.untilState("images", "images.1", 'S');
      Detector detector = detector("[grep, -q, 'State:.S', '/proc/{pid}/status']");
      assertEquals(Presence.ABSENT, look(detector, agent).presence());
      Agent.signal("STOP", process.pid());
      agent.untilState("images", "images.1", 'T');
      for (int i = 0; i < 5; i++) {
        Reading reading = look(detector, agent);
        assertEquals(Presence.UNKNOWN, reading.presence(), reading.evidence());
      }
      detector.close();
    }
  }
}
