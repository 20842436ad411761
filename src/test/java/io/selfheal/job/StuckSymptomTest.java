package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.message.Presence;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.RulesReader;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Symptom;
import io.selfheal.symptom.Symptoms;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The symptom {@code job_stuck} on a real table: here:7 is dead, here:107 lives. */
class StuckSymptomTest {
  private static Detector detector(String more) throws BadConfiguration {
    Map<String, Symptom> all =
        Symptoms.all().stream().collect(Collectors.toMap(Symptom::name, one -> one));
    return new RulesReader(all, Map.of())
        .read("rules.yaml", "rules: [{name: it, symptom: job_stuck" + more + "}]")
        .all()
        .getFirst()
        .detectors()
        .detector();
  }

  private static Reading look(Rig rig, Detector detector) throws Exception {
    return detector.look(new Surroundings(rig.time(), rig.bus, Optional.empty())).getFirst();
  }

  @Test
  void jobsOfADeadHolderAreStuckUntilTheyAreSwept() throws Exception {
    try (Rig rig = new Rig().table().running(3, "now()", "here:7").deploy()) {
      Detector detector = detector("");
      Reading reading = look(rig, detector);
      assertEquals(Presence.PRESENT, reading.presence(), reading.evidence());
      assertEquals("source/images", reading.subject());
      assertTrue(reading.evidence().startsWith("3 stuck, such as 1: "), reading.evidence());
      assertEquals(Presence.BETWEEN, look(rig, detector(", enter: {jobs: 4}")).presence());
      assertEquals(Presence.ABSENT, look(rig, detector(", where: {kind: left}")).presence());
      rig.sweep();
      assertEquals(Presence.ABSENT, look(rig, detector).presence());
    }
  }

  @Test
  void longJobsOfALivingHolderAreNotWhatASweepWouldRescue() throws Exception {
    try (Rig rig = new Rig().table().running(2, "now()", "here:107").deploy()) {
      assertEquals(Presence.ABSENT, look(rig, detector("")).presence());
    }
  }

  @Test
  void aSourceThatCannotBeReadIsUnknown() throws Exception {
    try (Rig rig = new Rig().table().deploy()) {
      rig.sql("ALTER TABLE jobs RENAME TO others");
      assertEquals(Presence.UNKNOWN, look(rig, detector("")).presence());
    }
  }
}
