package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.BETWEEN;
import static io.selfheal.message.Presence.PRESENT;
import static io.selfheal.message.Presence.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Backlog;
import io.selfheal.message.JobRequests.Source;
import io.selfheal.message.JobRequests.Sources;
import io.selfheal.message.Presence;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueBacklogTest {
  private static final String IMAGES = "source/images";
  private static final Duration COUNTS = Duration.ofSeconds(15);

  private final List<Source> sources = new ArrayList<>();

  private RuleRun run(String... lines) {
    RuleRun run = new RuleRun(new QueueBacklog(), lines);
    run.bus.answer(
        JobRequests.SOURCES, query -> Future.succeededFuture(new Sources(List.copyOf(sources))));
    return run;
  }

  private static Source source(String name, @Nullable Backlog backlog) {
    return new Source(
        name, "table", "jobs", null, null, backlog, null, null, 0, null, null, null, false);
  }

  /** One count 15 s after the one before. */
  private Presence count(RuleRun run, long ready, @Nullable Duration oldest) throws Exception {
    run.pass(COUNTS);
    sources.clear();
    sources.add(source("images", new Backlog(ready, oldest, run.time().now())));
    return run.look().presence(IMAGES);
  }

  private List<Presence> course(RuleRun run, int counts, LongUnaryOperator ready) throws Exception {
    List<Presence> course = new ArrayList<>();
    for (int i = 0; i < counts; i++) {
      course.add(count(run, ready.applyAsLong(i), null));
    }
    return course;
  }

  @Test
  void whatGrowsIsABacklogOnceItHasForAMinute() throws Exception {
    try (RuleRun run = run("enter: {ready: 1000}")) {
      assertEquals(
          List.of(ABSENT, BETWEEN, BETWEEN, BETWEEN, BETWEEN, BETWEEN, PRESENT, PRESENT),
          course(run, 8, i -> i * 600));
      assertTrue(run.seen(IMAGES));
      assertEquals(
          "4200 jobs are ready; over the last 60 s 40.0 more each second",
          run.standing(IMAGES).evidence());
      assertEquals(40.0, run.standing(IMAGES).values().get("growth_per_second"));
    }
  }

  @Test
  void whatStaysAsDeepIsABacklog() throws Exception {
    try (RuleRun run = run("enter: {ready: 1000}")) {
      assertEquals(PRESENT, course(run, 5, i -> 5000).getLast());
    }
  }

  /** 20,000 jobs at once, of which 50 are worked off each second. */
  @Test
  void aBurstThatDrainsIsNone() throws Exception {
    try (RuleRun run = run("enter: {ready: 1000}")) {
      List<Presence> course = course(run, 40, i -> Math.max(0, i == 0 ? 0 : 20_750 - i * 750));
      assertFalse(course.contains(PRESENT), course.toString());
      assertEquals(ABSENT, course.getLast());
      assertEquals(List.of(), run.news);
    }
  }

  @Test
  void aBurstThatDrainsTooSlowlyIsOne() throws Exception {
    try (RuleRun run = run("enter: {ready: 1000, drains_within: 1m}")) {
      assertTrue(course(run, 10, i -> 20_000 - i * 750).contains(PRESENT));
      assertTrue(
          run.standing(IMAGES).evidence().endsWith("50.0 fewer each second: worked off in 4 min"));
    }
  }

  @Test
  void oneJobThatNobodyTakesIsABacklogByItsWait() throws Exception {
    try (RuleRun run = run("enter: {wait: 5m}")) {
      List<Presence> course = new ArrayList<>();
      for (int i = 1; i <= 26; i++) {
        course.add(count(run, 1, COUNTS.multipliedBy(i)));
      }
      assertEquals(ABSENT, course.get(9));
      assertEquals(BETWEEN, course.get(10));
      assertEquals(BETWEEN, course.get(22));
      assertEquals(PRESENT, course.get(23));
      assertEquals(ABSENT, count(run, 0, null));
    }
  }

  /** The oldest of a burst gets older and older while the burst is worked off. */
  @Test
  void aLongWaitInABurstThatDrainsIsNone() throws Exception {
    try (RuleRun run = run("enter: {wait: 1m}")) {
      for (int i = 1; i < 40; i++) {
        Presence presence = count(run, 20_000 - i * 500, COUNTS.multipliedBy(i));
        assertTrue(presence == ABSENT || presence == BETWEEN, () -> run.news.toString());
      }
    }
  }

  @Test
  void whereNothingSaysSinceWhenNothingIsKnown() throws Exception {
    try (RuleRun run = run("enter: {wait: 5m}")) {
      assertEquals(UNKNOWN, count(run, 7, null));
      assertEquals(ABSENT, count(run, 0, null));
    }
    try (RuleRun run = run("enter: {wait: 5m, ready: 5}")) {
      assertEquals(PRESENT, course(run, 5, i -> 7).getLast());
    }
  }

  @Test
  void betweenTwoCountsNothingIsSaid() throws Exception {
    try (RuleRun run = run("for: 30s", "enter: {ready: 1000}")) {
      course(run, 5, i -> 5000);
      Instant at = run.standing(IMAGES).at();
      run.pass(Duration.ofHours(1)).look();
      assertEquals(at, run.standing(IMAGES).at());
      assertFalse(run.seen(IMAGES));
      count(run, 5000, null);
      assertTrue(run.seen(IMAGES));
    }
  }

  @Test
  void whatIsNotCountedIsUnknown() throws Exception {
    try (RuleRun run = run("where: {source: [images, mails]}", "enter: {ready: 1000}")) {
      sources.add(source("images", null));
      sources.add(source("others", new Backlog(9, null, Instant.EPOCH)));
      run.look();
      assertEquals(UNKNOWN, run.presence(IMAGES));
      assertEquals("no source is named mails", run.standing("source/mails").evidence());
      assertEquals("nothing was read yet", run.standing("source/others").evidence());
    }
  }

  @Test
  void leavesBelowItsOwnThreshold() throws Exception {
    try (RuleRun run = run("enter: {ready: 1000}", "leave: {ready: 100}")) {
      course(run, 5, i -> 5000);
      assertEquals(BETWEEN, count(run, 101, null));
      assertTrue(run.seen(IMAGES));
      assertEquals(ABSENT, count(run, 100, null));
      assertFalse(run.seen(IMAGES));
      assertEquals(2, run.news.size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "enter: {}",
        "enter: {ready: 0}",
        "enter: {wait: soon}",
        "enter: {ready: 10, over: 0s}",
        "enter: {ready: 10}\n    leave: {ready: 11}",
        "enter: {wait: 5m}\n    leave: {wait: 6m}",
        "enter: {reddy: 10}",
        "where: {sourze: images}\n    enter: {ready: 10}"
      })
  void whatIsWrongIsSaid(String lines) {
    assertThrows(
        IllegalArgumentException.class, () -> RuleRun.rule(new QueueBacklog(), lines), lines);
  }
}
