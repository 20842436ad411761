package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.Severity;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.SymptomRequests.Occasion;
import io.selfheal.message.SymptomRequests.Tried;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrialTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void end() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private Time time() {
    return new Time(InstantSource.fixed(START), nanos::get);
  }

  private Tried run(Instant since) throws Exception {
    return new Trial(ToySymptom.rule(false), since, LIMIT, bus, time()).run();
  }

  /** A second a fact; ill from 60 s to 90 s of every hundred. */
  private static void fill(ToyJournal journal, int facts) {
    for (int i = 0; i < facts; i++) {
      boolean ill = i % 100 >= 60 && i % 100 < 90;
      journal.add(i + 1, START.plusSeconds(i), ill ? Status.ERROR : Status.HEALTHY);
    }
  }

  @Test
  void allPagesAreReplayedFromTheMomentOn() throws Exception {
    ToyJournal journal = new ToyJournal(bus);
    fill(journal, 3_500);
    Tried whole = run(START);
    assertEquals(3_500, whole.facts());
    assertEquals(35, whole.occasions().size());
    assertEquals(35, whole.recovered());
    assertTrue(whole.complete());
    assertNull(whole.gap());
    Tried late = run(START.plusSeconds(2_499));
    assertEquals(1_001, late.facts());
    assertEquals(START.plusSeconds(2_499), late.from());
    assertEquals(START.plusSeconds(3_499), late.to());
    assertEquals(10, late.occasions().size());
    assertTrue(late.complete());
    assertEquals(0, run(START.plusSeconds(3_500)).facts());
  }

  @Test
  void anEmptyJournalHasNothingToReplay() throws Exception {
    new ToyJournal(bus);
    Tried tried = run(START);
    assertEquals(0, tried.facts());
    assertNull(tried.from());
    assertNull(tried.to());
    assertTrue(tried.complete());
  }

  @Test
  void whatIsMissingIsSaid() throws Exception {
    ToyJournal journal = new ToyJournal(bus);
    fill(journal, 200);
    journal.held.removeIf(event -> event.offset() <= 50 || event.offset() == 120);
    Tried tried = run(START);
    assertEquals(149, tried.facts());
    assertFalse(tried.complete());
    assertEquals(
        "older facts are not kept any more; the journal does not have all facts of this time",
        tried.gap());
    journal.held.removeIf(event -> event.offset() <= 120);
    assertEquals("older facts are not kept any more", run(START).gap());
    Tried behind = run(START.plusSeconds(150));
    assertEquals(50, behind.facts());
    assertTrue(behind.complete(), behind.gap());
  }

  @Test
  void itEndsWithWhatItHasWhenItsTimeIsOver() throws Exception {
    ToyJournal journal = new ToyJournal(bus);
    fill(journal, 5_000);
    Time slow =
        new Time(
            InstantSource.fixed(START), () -> nanos.addAndGet(Duration.ofSeconds(15).toNanos()));
    Tried tried = new Trial(ToySymptom.rule(false), START, LIMIT, bus, slow).run();
    assertEquals(3_000, tried.facts());
    assertEquals(START.plusSeconds(2_999), tried.to());
    assertEquals(
        "a trial reads for at most 40 s, and there are later facts: try a later since",
        tried.gap());
  }

  private Tried begin(Trials trials) throws Exception {
    Promise<Tried> tried = Promise.promise();
    vertx.runOnContext(
        ready -> {
          try {
            trials.begin(ToySymptom.rule(false), START).onComplete(tried);
          } catch (BadConfiguration bad) {
            tried.fail(bad);
          }
        });
    return tried.future().await(20, TimeUnit.SECONDS);
  }

  @Test
  void ofARuleWhoseDetectorLooksItsOwnSightingsAreCounted() throws Exception {
    ToyJournal journal = new ToyJournal(bus);
    fill(journal, 100);
    journal.add(101, START.plusSeconds(200), seen("toy"));
    journal.add(102, START.plusSeconds(200), seen("other"));
    journal.add(103, START.plusSeconds(230), cleared());
    journal.add(104, START.plusSeconds(300), seen("toy"));
    Tried tried = new Trial(ToySymptom.rule(true), START, LIMIT, bus, time()).run();
    assertEquals(
        List.of(
            new Occasion("s", START.plusSeconds(200), "ill", START.plusSeconds(230), null),
            new Occasion("s", START.plusSeconds(300), "ill", null, null)),
        tried.occasions());
    assertEquals(1, tried.recovered());
    assertEquals(4, tried.facts());
    assertFalse(tried.complete());
    String gap = tried.gap();
    assertTrue(gap != null && gap.contains("its detector looks by itself"), gap);
  }

  private static SymptomEvent seen(String rule) {
    return new SymptomEvent.Seen(
        rule, "1", "toy", "s", Severity.WARNING, "ill", Map.of(), Duration.ZERO);
  }

  private static SymptomEvent cleared() {
    return new SymptomEvent.Cleared("toy", "toy", "s", "well", Duration.ZERO);
  }

  @Test
  void aJournalThatIsAwayIsAProblemAndTheNextTrialRuns() throws Exception {
    Trials trials = new Trials(LIMIT, bus, time());
    String problem = begin(trials).problem();
    assertTrue(problem != null && problem.startsWith("the journal cannot be read"), problem);
    fill(new ToyJournal(bus), 100);
    assertEquals(100, begin(trials).facts());
    trials.close();
  }

  @Test
  void oneTrialAtATime() throws Exception {
    fill(new ToyJournal(bus), 100);
    Trials trials = new Trials(LIMIT, bus, time());
    Promise<Tried> second = Promise.promise();
    Promise<Tried> first = Promise.promise();
    vertx.runOnContext(
        ready -> {
          try {
            Future<Tried> begun = trials.begin(ToySymptom.rule(false), START);
            trials.begin(ToySymptom.rule(false), START).onComplete(second);
            begun.onComplete(first);
          } catch (BadConfiguration bad) {
            first.fail(bad);
          }
        });
    assertEquals(100, first.future().await(20, TimeUnit.SECONDS).facts());
    assertEquals(
        "another trial is under way; ask again",
        second.future().await(20, TimeUnit.SECONDS).problem());
    trials.close();
  }
}
