package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.BETWEEN;
import static io.selfheal.message.Presence.PRESENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.BreakerEvent;
import io.selfheal.message.BreakerState;
import io.selfheal.message.DatabaseRequests;
import io.selfheal.message.DatabaseRequests.State;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.ServiceRequests;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceDownTest {
  private static final HostEvent.Sampled SECOND =
      new HostEvent.Sampled(
          new HostSample("here", null, null, null, null, null, null, null, null, Map.of()));

  private static RuleRun run(String... lines) {
    return new RuleRun(new ServiceDown(), lines);
  }

  private static void seconds(RuleRun run, int count) {
    for (int i = 0; i < count; i++) {
      run.pass(Duration.ofSeconds(1)).take(SECOND);
    }
  }

  @Test
  void anOpenBreakerIsASymptomOnceItHoldsForLongEnough() {
    try (RuleRun run = run("for: 30s")) {
      run.take(new BreakerEvent.Opened("openai", "5 failures in a row"));
      seconds(run, 29);
      assertFalse(run.seen("service/openai"));
      seconds(run, 1);
      assertTrue(run.seen("service/openai"));
      assertEquals(
          "calls are refused at once: 5 failures in a row",
          run.standing("service/openai").evidence());
      run.take(new BreakerEvent.HalfOpened("openai"));
      assertEquals(BETWEEN, run.presence("service/openai"));
      assertTrue(run.seen("service/openai"));
      run.take(new BreakerEvent.Closed("openai"));
      assertFalse(run.seen("service/openai"));
    }
  }

  @Test
  void aShortOutageIsNone() {
    try (RuleRun run = run("for: 30s")) {
      for (int i = 0; i < 10; i++) {
        run.take(new BreakerEvent.Opened("openai", "a timeout"));
        seconds(run, 20);
        run.take(new BreakerEvent.HalfOpened("openai"));
        run.take(new BreakerEvent.Closed("openai"));
        seconds(run, 20);
      }
      assertEquals(List.of(), run.news);
    }
  }

  @Test
  void onlyTheWantedServicesAreWatched() {
    try (RuleRun run = run("where: {service: [openai, mailer]}")) {
      run.take(new BreakerEvent.Opened("database", "it is gone"));
      assertEquals("nothing was read yet", run.standing("service/database").evidence());
      run.take(new BreakerEvent.Opened("mailer", "it is gone"));
      assertEquals(PRESENT, run.presence("service/mailer"));
    }
  }

  /** After a start of the agent no event says how a database is. */
  @Test
  void aDatabaseIsAskedFor() throws Exception {
    try (RuleRun run = run()) {
      run.bus.answer(
          DatabaseRequests.LIST,
          query ->
              Future.succeededFuture(
                  new DatabaseRequests.Databases(
                      List.of(
                          new State("database", null),
                          new State("source_images", "connection refused")))));
      run.look();
      assertEquals(ABSENT, run.presence("service/database"));
      assertEquals(PRESENT, run.presence("service/source_images"));
    }
  }

  private static ServiceRequests.Service service(String name, BreakerState state, String author) {
    return new ServiceRequests.Service(
        name,
        "ai",
        new ServiceRequests.Breaker(
            state,
            Instant.EPOCH,
            null,
            1,
            1,
            state == BreakerState.CLOSED ? null : "why",
            author,
            0),
        new ServiceRequests.Rates(Duration.ofSeconds(60), 0, 0, 0, null, null, 0),
        new ServiceRequests.Limits(null, null, null, 0, Duration.ofSeconds(60)),
        null,
        null,
        null,
        new ServiceRequests.Counts(0, 0, Map.of(), 0, 0, 0, 0, 0, 0, BigDecimal.ZERO),
        null);
  }

  @Test
  void theServicesThatWorkersCallAreAskedForToo() throws Exception {
    try (RuleRun run = run()) {
      run.bus.answer(
          DatabaseRequests.LIST,
          query -> Future.succeededFuture(new DatabaseRequests.Databases(List.of())));
      run.bus.answer(
          ServiceRequests.LIST,
          query ->
              Future.succeededFuture(
                  new ServiceRequests.Services(
                      List.of(
                          service("a", BreakerState.CLOSED, null),
                          service("b", BreakerState.OPEN, null),
                          service("c", BreakerState.HALF_OPEN, null),
                          service("d", BreakerState.FORCED_OPEN, "anna"),
                          service("e", BreakerState.FORCED_CLOSED, "anna")))));
      run.look();
      assertEquals(ABSENT, run.presence("service/a"));
      assertEquals(PRESENT, run.presence("service/b"));
      assertEquals(BETWEEN, run.presence("service/c"));
      assertEquals(
          "calls are refused at once: forced open by anna: why",
          run.standing("service/d").evidence());
      assertEquals(ABSENT, run.presence("service/e"));
      run.take(new BreakerEvent.Forced("d", BreakerState.CLOSED, "well", "anna", null));
      assertEquals(ABSENT, run.presence("service/d"));
    }
  }

  @Test
  void whatIsWrongIsSaid() {
    for (String line : List.of("where: {name: x}", "enter: {failures: 3}")) {
      assertThrows(
          IllegalArgumentException.class, () -> RuleRun.rule(new ServiceDown(), line), line);
    }
  }
}
