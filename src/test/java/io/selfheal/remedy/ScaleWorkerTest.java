package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes. */
@Timeout(120)
final class ScaleWorkerTest {
  private final Path home;

  ScaleWorkerTest(@TempDir Path home) {
    this.home = home;
  }

  private static Act scale(String with) throws Exception {
    return Trial.act(new ScaleWorker(), with);
  }

  private static Task task(Workshop shop, int incident) {
    return shop.trial.task(
        Trial.incident(Instant.ofEpochSecond(1_000_000 + incident)),
        "source/images",
        Duration.ofMinutes(1),
        null);
  }

  private static List<String> running(Workshop shop) {
    return shop.instances("images").stream()
        .filter(one -> one.process() != null)
        .map(Instance::instance)
        .toList();
  }

  @Test
  void aWorkerGetsMoreProcessesAndGivesThemBack() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sleep", "600"))) {
      ProcessIdentity first = shop.settled("images.1", "sleep");
      Act act = scale("{worker: images, by: 2, max: 4}");
      assertTrue(act.lifted());
      assertFalse(scale("{worker: images, max: 4, keep: true}").lifted());
      Task one = task(shop, 1);
      assertEquals("would take images from 1 to 3 processes", act.rehearse(one).detail());
      assertEquals(List.of("images.1"), running(shop));

      Performed done = act.perform(one);
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertEquals(List.of("images.1", "images.2", "images.3"), running(shop));

      // Another incident gets what the bound still allows, and nothing more.
      Task two = task(shop, 2);
      assertEquals("took images from 3 to 4 processes", act.perform(two).detail());
      Performed full = act.perform(task(shop, 3));
      assertEquals(Outcome.ALREADY_DONE, full.outcome(), full.detail());
      assertEquals("images has 4 processes, and may have 1 to 4", full.detail());
      assertEquals(null, full.undo());

      Performed undone = act.undo(one, Objects.requireNonNull(done.undo()));
      assertEquals("took images from 4 to 2 processes", undone.detail());
      assertEquals(List.of("images.1", "images.2"), running(shop));
      assertEquals(Outcome.ALREADY_DONE, act.undo(one, "images").outcome());
      assertEquals(Outcome.DONE, act.undo(two, "images").outcome());
      assertEquals(List.of("images.1"), running(shop));
      assertEquals(first, shop.process("images.1").orElseThrow());
      assertEquals(1, shop.instances("images").size());
    }
  }

  @Test
  void itHoldsOverARestartOfTheAgentAndIsFinishedOnce() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 2, "sleep", "600"))) {
      Act more = scale("{worker: images, by: 1, max: 4}");
      Task one = task(shop, 1);
      more.perform(one);
      ProcessIdentity third = shop.settled("images.3", "sleep");
      shop.stop();
      shop.start();
      assertEquals(third, shop.process("images.3").orElseThrow());
      Performed finished = more.finish(one);
      assertEquals(Outcome.DONE, finished.outcome(), finished.detail());
      assertEquals(List.of("images.1", "images.2", "images.3"), running(shop));
      assertEquals(Outcome.DONE, more.undo(one, "images").outcome());
      assertEquals(List.of("images.1", "images.2"), running(shop));
    }
  }

  /** The note is written, and the agent is killed before it ended or started anything. */
  @Test
  void whatWasOnlyWrittenDownIsFinished() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 2, "sleep", "600"))) {
      shop.settled("images.2", "sleep");
      Act less = scale("{worker: images, by: -1, max: 4}");
      Task one = task(shop, 1);
      shop.stop();
      java.nio.file.Files.writeString(
          home.resolve("workers").resolve("scale-images.note"), one.incidentId() + "\t-1");
      shop.start();
      assertEquals(List.of("images.1", "images.2"), running(shop));
      assertEquals(Outcome.DONE, less.finish(one).outcome());
      assertEquals(List.of("images.1"), running(shop));
      shop.stop();
      shop.start();
      assertEquals(List.of("images.1"), running(shop), "the agent starts no more than wanted");
      assertEquals(Outcome.DONE, less.undo(one, "images").outcome());
      assertEquals(List.of("images.1", "images.2"), running(shop));
    }
  }

  @Test
  void whatCannotBeScaledSaysWhy() throws Exception {
    try (Workshop shop = new Workshop(home, Workshop.run("images", 1, "sleep", "600"))) {
      Performed host = scale("{max: 4}").perform(task(shop, 1));
      assertEquals(Outcome.REFUSED, host.outcome(), host.detail());
      Performed unknown = scale("{worker: nobody, max: 4}").perform(task(shop, 1));
      assertEquals(Outcome.REFUSED, unknown.outcome(), unknown.detail());
      Performed template = scale("{template: w@.service, max: 4}").perform(task(shop, 1));
      assertEquals(Outcome.FAILED, template.outcome(), template.detail());
      assertTrue(template.detail().contains("systemd"), template.detail());
    }
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "{worker: images}; max: is missing",
        "{worker: images, max: 4, by: 0}; changes nothing",
        "{worker: images, max: 2, min: 3}; is more than max",
        "{worker: images, template: w@.service, max: 2}; keep one",
        "{template: w.service, max: 2}; is not one",
        "{worker: images, max: 65}; is not a whole number",
      },
      delimiter = ';')
  void whatIsWrongIsSaid(String with, String words) {
    String wrong = Trial.wrong(new ScaleWorker(), with);
    assertTrue(wrong.contains(words), wrong);
  }
}
