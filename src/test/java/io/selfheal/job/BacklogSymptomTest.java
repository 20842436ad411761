package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.message.Presence;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.RulesReader;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Symptom;
import io.selfheal.symptom.Symptoms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The symptom {@code queue_backlog} on a real table, with workers that take jobs out of it. */
class BacklogSymptomTest {
  private final Rig rig = new Rig().table();

  private Detector detector() throws BadConfiguration {
    Map<String, Symptom> all =
        Symptoms.all().stream().collect(Collectors.toMap(Symptom::name, one -> one));
    String text =
        """
        rules:
          - {name: it, symptom: queue_backlog, enter: {ready: 100, wait: 5m}}
        """;
    return new RulesReader(all, Map.of())
        .read("rules.yaml", text)
        .all()
        .getFirst()
        .detectors()
        .detector();
  }

  private void enqueue(int jobs) {
    rig.sql("INSERT INTO jobs (state) SELECT 'ready' FROM generate_series(1, " + jobs + ")");
  }

  private void work(int jobs) {
    rig.sql(
        "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = 'ready' ORDER BY id LIMIT "
            + jobs
            + ")");
  }

  private List<Presence> course(int counts, int come, int taken) throws Exception {
    Detector detector = detector();
    List<Presence> course = new ArrayList<>();
    for (int i = 0; i < counts; i++) {
      enqueue(come);
      work(taken);
      rig.pass(Duration.ofSeconds(15));
      rig.count();
      List<Reading> readings =
          detector.look(new Surroundings(rig.time(), rig.bus, Optional.empty()));
      assertEquals("source/images", readings.getFirst().subject());
      course.add(readings.getFirst().presence());
    }
    return course;
  }

  @Test
  void moreComeThanAreTaken() throws Exception {
    try (rig) {
      rig.deploy();
      assertEquals(Presence.PRESENT, course(12, 60, 20).getLast());
    }
  }

  @Test
  void aBurstIsWorkedOff() throws Exception {
    try (rig) {
      rig.deploy();
      enqueue(1000);
      List<Presence> course = course(20, 10, 80);
      assertFalse(course.contains(Presence.PRESENT), course.toString());
      assertTrue(course.contains(Presence.BETWEEN), course.toString());
      assertEquals(Presence.ABSENT, course.getLast());
    }
  }
}
