package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.GONE;
import static io.selfheal.message.Presence.PRESENT;
import static io.selfheal.message.Presence.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.file.FrozenDisk;
import io.selfheal.message.Event;
import io.selfheal.message.Presence;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.SymptomRequests;
import io.selfheal.message.SymptomRequests.ListRules;
import io.selfheal.message.SymptomRequests.Look;
import io.selfheal.message.SymptomRequests.RuleState;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.rule.RuleBook;
import io.selfheal.rule.Rules;
import io.selfheal.rule.RulesReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The watch with its own Vert.x; its clock is turned by hand, its ticks are real. */
@Timeout(60)
class SymptomWatchTest {
  private static final String RULE =
      "rules:\n  - {name: one, symptom: told, for: 2s, clear_for: 1s}\n";

  private final AtomicLong nanos = new AtomicLong();
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final Told told = new Told();
  private final Looking looking = new Looking();
  private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();

  @AfterEach
  void close() throws TimeoutException {
    looking.gate.countDown();
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private Rules rules(String text) throws BadConfiguration {
    return new RulesReader(Map.of("told", told, "looking", looking), Map.of())
        .read("rules.yaml", text);
  }

  private RuleBook start(String text) throws Exception {
    RuleBook book = new RuleBook(rules(text));
    Time time = new Time(() -> Instant.EPOCH.plusNanos(nanos.get()), nanos::get);
    wait(vertx.deployVerticle(new SymptomWatch(book, bus, time)));
    bus.onEvent(
        event -> {
          if (event instanceof SymptomEvent) {
            heard.add(event);
          }
        });
    return book;
  }

  private static <T> T wait(Future<T> future) throws TimeoutException {
    return future.await(20, TimeUnit.SECONDS);
  }

  private void until(BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come");
      }
      Thread.onSpinWait();
    }
  }

  private void say(int millis, String instance, Presence presence) throws Exception {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    bus.publish(Told.say(instance, presence));
    standing("one", "worker/" + instance);
  }

  private Standing standing(String rule, String subject) throws TimeoutException {
    return wait(bus.ask(SymptomRequests.LOOK, new Look(rule, subject)));
  }

  private RuleState state(String rule) {
    try {
      return wait(bus.ask(SymptomRequests.RULES, new ListRules())).rules().stream()
          .filter(one -> one.name().equals(rule))
          .findFirst()
          .orElseThrow();
    } catch (TimeoutException slow) {
      throw new AssertionError(slow);
    }
  }

  @Test
  void saysWhenASymptomCountsAndWhenItIsGone() throws Exception {
    start(RULE);
    assertEquals(UNKNOWN, standing("one", "worker/a").presence());
    say(0, "a", PRESENT);
    say(1500, "a", PRESENT);
    assertFalse(standing("one", "worker/a").seen());
    say(500, "a", PRESENT);
    SymptomEvent.Seen seen = (SymptomEvent.Seen) heard.take();
    assertEquals("worker/a", seen.subject());
    assertEquals(Duration.ofSeconds(2), seen.lasted());
    assertEquals(state("one").version(), seen.ruleVersion());
    say(500, "a", ABSENT);
    say(1000, "a", ABSENT);
    SymptomEvent.Cleared cleared = (SymptomEvent.Cleared) heard.take();
    assertEquals(Duration.ofSeconds(1), cleared.lasted());
    Standing standing = standing("one", "worker/a");
    assertFalse(standing.seen());
    assertEquals(ABSENT, standing.presence());
    assertEquals(Duration.ofSeconds(1), standing.gone());
    assertEquals("told ABSENT", standing.evidence());
    assertTrue(heard.isEmpty());
  }

  @Test
  void aSubjectThatIsNoMoreIsOverAndKnownToBe() throws Exception {
    start(RULE);
    say(0, "a", PRESENT);
    say(2000, "a", PRESENT);
    heard.take();
    say(100, "a", GONE);
    assertEquals("told GONE", ((SymptomEvent.Cleared) heard.take()).evidence());
    Standing standing = standing("one", "worker/a");
    assertEquals(GONE, standing.presence());
    assertFalse(standing.seen());
    assertTrue(state("one").subjects().isEmpty());
    say(100, "a", PRESENT);
    say(1900, "a", PRESENT);
    assertFalse(standing("one", "worker/a").seen(), "what was counted before is forgotten");
  }

  @Test
  void timeInWhichTheAgentStoodStillDoesNotCount() throws Exception {
    start(RULE);
    say(0, "a", PRESENT);
    say(60_000, "a", PRESENT);
    assertFalse(standing("one", "worker/a").seen());
    say(2000, "a", PRESENT);
    assertTrue(standing("one", "worker/a").seen());
  }

  @Test
  void rulesThatDidNotChangeKeepWhatTheyHaveSeen() throws Exception {
    RuleBook book = start(RULE + "  - {name: two, symptom: told, for: 2s}\n");
    say(0, "a", PRESENT);
    say(2000, "a", PRESENT);
    heard.take();
    heard.take();
    assertEquals(2, told.made.get());
    book.replace(rules(RULE + "  - {name: two, symptom: told, for: 3s}\n"));
    until(() -> told.made.get() == 3);
    assertTrue(standing("one", "worker/a").seen());
    assertEquals(UNKNOWN, standing("two", "worker/a").presence());
    assertEquals(1, told.closed.get());
    book.replace(rules("rules: []"));
    until(() -> told.closed.get() == 3);
  }

  @Test
  void beyondItsSubjectsARuleWatchesNoNewOnesAndSaysSo() throws Exception {
    start("rules:\n  - {name: one, symptom: told}\n");
    for (int i = 0; i < Watched.MOST; i++) {
      bus.publish(Told.say("a" + i, ABSENT));
    }
    say(0, "one-more", PRESENT);
    assertEquals(UNKNOWN, standing("one", "worker/one-more").presence());
    assertEquals("has more than 1000 subjects: narrow down where", state("one").problem());
    say(0, "a5", PRESENT);
    assertEquals("worker/a5", heard.take().subject());
    say(0, "a6", GONE);
    say(0, "one-more", PRESENT);
    assertEquals("worker/one-more", heard.take().subject());
    assertNull(state("one").problem());
  }

  @Test
  void aDetectorThatThrowsStandsInNobodysWay() throws Exception {
    start(RULE + "  - {name: two, symptom: looking}\n");
    bus.publish(Told.fail());
    assertTrue(String.valueOf(state("one").problem()).contains("told to fail"));
    until(() -> !state("two").subjects().isEmpty());
    say(0, "a", PRESENT);
    assertEquals(PRESENT, standing("one", "worker/a").presence());
    assertNull(state("one").problem());
  }

  @Test
  void aLookThatFailsIsSaidAndTriedAgain() throws Exception {
    start("rules:\n  - {name: one, symptom: looking, where: {how: fail}}\n");
    until(() -> String.valueOf(state("one").problem()).contains("a part of a plugin is missing"));
    until(() -> looking.looks.get() > 2);
    assertTrue(state("one").subjects().isEmpty());
  }

  @Test
  void aLookThatHangsStandsInNobodysWay() throws Exception {
    start(
        """
        rules:
          - {name: hung, symptom: looking, where: {how: hang}}
          - {name: one, symptom: told}
          - {name: well, symptom: looking}
        """);
    until(() -> !state("well").subjects().isEmpty());
    say(0, "a", PRESENT);
    assertEquals(PRESENT, standing("one", "worker/a").presence());
    assertNull(state("hung").problem());
    nanos.addAndGet(Duration.ofSeconds(31).toNanos());
    until(() -> String.valueOf(state("hung").problem()).contains("has not ended"));
    looking.gate.countDown();
    until(() -> !state("hung").subjects().isEmpty());
    assertNull(state("hung").problem());
  }

  /** More of them than there are processors: virtual threads would all be used up. */
  @Test
  void looksThatWaitForADiskKeepNoOtherFromLooking(@TempDir Path directory) throws Exception {
    try (FrozenDisk disk = FrozenDisk.mount(directory)) {
      disk.freeze();
      int more = Runtime.getRuntime().availableProcessors() + 2;
      StringBuilder text = new StringBuilder("rules:\n");
      for (int i = 0; i < more; i++) {
        text.append(
            "  - {name: hung%d, symptom: looking, where: {to: %s/%d}}\n"
                .formatted(i, disk.path, i));
      }
      start(text + "  - {name: well, symptom: looking}\n");
      until(() -> looking.looks.get() > more);
      until(() -> !state("well").subjects().isEmpty());
      assertTrue(state("hung0").subjects().isEmpty());
      disk.thaw();
      until(() -> !state("hung0").subjects().isEmpty());
    }
  }

  @Test
  void whatALookSaysOfARuleThatIsNoMoreIsDropped() throws Exception {
    RuleBook book = start("rules:\n  - {name: hung, symptom: looking, where: {how: hang}}\n");
    until(() -> looking.looks.get() == 1);
    book.replace(rules("rules:\n  - {name: one, symptom: told}\n"));
    until(() -> told.made.get() == 1);
    looking.gate.countDown();
    say(0, "a", PRESENT);
    assertEquals(List.of("worker/a"), List.of(heard.take().subject()));
    assertTrue(heard.isEmpty());
  }

  @Test
  void aLateTickTellsDetectorsThatTheAgentIsStarved() throws Exception {
    start(RULE);
    say(0, "a", PRESENT);
    assertTrue(told.starved.isEmpty());
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    until(
        () -> {
          bus.publish(Told.say("a", PRESENT));
          return told.starved.isPresent();
        });
    assertTrue(told.starved.orElseThrow().contains("the agent's own tick came"));
  }
}
