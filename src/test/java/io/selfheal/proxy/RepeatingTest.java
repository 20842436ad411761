package io.selfheal.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepeatingTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private static Optional<Duration> pause(int before, double random, long askedMillis) {
    return Repeating.pause(before, random, Duration.ofMillis(askedMillis));
  }

  @Test
  void onlyWhatMeansTheSameTwice() {
    assertTrue(Repeating.repeatable(HttpMethod.GET, false));
    assertTrue(Repeating.repeatable(HttpMethod.DELETE, false));
    assertFalse(Repeating.repeatable(HttpMethod.PUT, true));
    assertFalse(Repeating.repeatable(HttpMethod.POST, false));
    assertFalse(Repeating.repeatable(HttpMethod.PATCH, false));
  }

  @Test
  void onlyStatusesThatPass() {
    assertTrue(Repeating.passing(503));
    assertTrue(Repeating.passing(429));
    assertFalse(Repeating.passing(500));
    assertFalse(Repeating.passing(404));
    assertFalse(Repeating.passing(200));
  }

  @Test
  void fullJitterThatDoublesAndIsCapped() {
    assertEquals(Optional.of(Duration.ZERO), pause(1, 0, 0));
    assertEquals(Optional.of(Duration.ofMillis(100)), pause(1, 1, 0));
    assertEquals(Optional.of(Duration.ofMillis(200)), pause(2, 1, 0));
    assertEquals(Optional.of(Duration.ofMillis(400)), pause(3, 1, 0));
    assertEquals(Optional.of(Duration.ofSeconds(2)), pause(9, 1, 0));
  }

  @Test
  void whatTheServiceAsksForIsKeptOrGivenUp() {
    assertEquals(Optional.of(Duration.ofSeconds(1)), pause(1, 1, 1000));
    assertEquals(Optional.empty(), pause(1, 1, 2001));
  }

  @Test
  void secondsADateOrNonsense() {
    assertEquals(Optional.of(Duration.ofSeconds(7)), Asked.of(" 7 ", NOW));
    assertEquals(
        Optional.of(Duration.ofSeconds(90)), Asked.of("Sat, 31 Jan 2026 12:01:30 GMT", NOW));
    assertEquals(Optional.of(Duration.ZERO), Asked.of("Sat, 31 Jan 2026 11:00:00 GMT", NOW));
    assertEquals(Optional.of(Duration.ofDays(1)), Asked.of("999999999", NOW));
    assertEquals(Optional.empty(), Asked.of("-1", NOW));
    assertEquals(Optional.empty(), Asked.of("soon", NOW));
    assertEquals(Optional.empty(), Asked.of(null, NOW));
  }
}
