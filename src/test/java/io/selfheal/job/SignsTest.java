package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Pressure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignsTest {
  @ParameterizedTest
  @CsvSource({
    "PT0.1S, PT5.1S, false",
    "PT0.1S, PT5.2S, true",
    "PT2S, PT7S, false",
    "PT2S, PT8S, true",
    "PT30S, PT60S, false",
    "PT30S, PT61S, true",
    "PT1H, PT61M, false",
    "PT1H, PT62M, true"
  })
  void aLookIsLateByMuchMoreThanItsInterval(Duration every, Duration pause, boolean late) {
    assertEquals(late, Signs.late(pause, every).isPresent());
  }

  @Test
  void aSlowLookSaysHowSlow() {
    assertTrue(Signs.slow(Duration.ofSeconds(2)).isEmpty());
    assertEquals(
        "the database is slow: one look took 3 s, and 2 s is the limit",
        Signs.slow(Duration.ofSeconds(3)).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({"4, 4, false", "5, 5, true", "5, 10, true", "5, 11, false", "0, 0, false"})
  void aStormIsManyAndHalfOfAll(int stale, int seen, boolean storm) {
    assertEquals(storm, Signs.storm(stale, seen).isPresent());
  }

  @Test
  void aHostIsPressedByAnyResourceAndNotWithoutData() {
    assertTrue(Signs.pressed(sample(null)).isEmpty());
    assertTrue(Signs.pressed(sample(List.of(pressure("cpu", 0.6)))).isEmpty());
    assertEquals(
        "this host stalls: tasks waited for io in 71 % of the last 10 s, and 60 % is the limit",
        Signs.pressed(sample(List.of(pressure("cpu", 0.1), pressure("io", 0.71)))).orElseThrow());
  }

  static Pressure pressure(String resource, double share) {
    return new Pressure(resource, share, 0, 0, 0);
  }

  static HostSample sample(@Nullable List<Pressure> pressures) {
    return new HostSample("here", null, null, null, null, null, null, null, pressures, Map.of());
  }
}
