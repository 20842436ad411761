package io.selfheal.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.selfheal.message.ComponentEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Load;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CollectorsTest {
  private static final String NO_LIBRARY =
      "OSHI cannot load its native library; name a directory that may be written and executed in,"
          + " with -Djna.tmpdir=DIRECTORY";

  private final HandTime clock = new HandTime();
  private @Nullable Throwable memoryFails = new IllegalStateException("no meminfo");

  private <T> Guarded<T> guarded(String name, Collector<T> collector) {
    return new Guarded<>(name, collector, clock.time());
  }

  private final Collectors collectors =
      new Collectors(
          guarded("uptime", () -> new Reading.Data<>(Duration.ofSeconds(5))),
          guarded("cpu", () -> new Reading.None<>(Reading.NEEDS_TWO)),
          guarded("memory", this::memory),
          guarded(
              "disks",
              () -> {
                throw new UnsatisfiedLinkError("noexec");
              }),
          guarded("disk_activity", () -> new Reading.Data<>(List.of())),
          guarded("network", () -> new Reading.Data<>(List.of())),
          guarded("load", () -> new Reading.Data<>(new Load(1, 1, 1))),
          guarded("pressure", () -> new Reading.Data<>(List.of())));

  private Reading<HostSample.Memory> memory() throws Exception {
    if (memoryFails instanceof Exception failure) {
      throw failure;
    }
    return new Reading.Data<>(new HostSample.Memory(4, 3, 0, 0));
  }

  @Test
  void aCollectorThatThrowsDoesNotTouchTheOthers() {
    HostSample sample = collectors.sample("here");
    assertNull(sample.memory());
    assertNull(sample.cpu());
    assertNull(sample.disks());
    assertEquals(new Load(1, 1, 1), sample.load());
    assertEquals(Duration.ofSeconds(5), sample.uptime());
    assertEquals(
        Map.of("cpu", Reading.NEEDS_TWO, "memory", "no meminfo", "disks", NO_LIBRARY),
        sample.problems());
  }

  @Test
  void onlyFailuresAreFailures() {
    collectors.sample("here");
    assertEquals(Map.of("memory", "no meminfo", "disks", NO_LIBRARY), collectors.failing());
    assertEquals(
        new ComponentEvent.Changed(
            "host",
            ComponentEvent.Status.DEGRADED,
            "failing: memory: no meminfo; disks: " + NO_LIBRARY),
        HostSampler.health(collectors.failing()));
  }

  @Test
  void aFailureEndsWithTheNextGoodReading() {
    collectors.sample("here");
    memoryFails = null;
    assertNotNull(collectors.sample("here").memory());
    assertEquals(Map.of("disks", NO_LIBRARY), collectors.failing());
    assertEquals(ComponentEvent.Status.HEALTHY, HostSampler.health(Map.of()).status());
  }

  @Test
  void aFailureWithoutAMessageIsNamedByItsKind() {
    memoryFails = new ArithmeticException();
    assertEquals("ArithmeticException", collectors.sample("here").problems().get("memory"));
  }
}
