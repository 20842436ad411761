package io.selfheal.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostRequests;
import io.selfheal.message.HostSample;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The whole sampler on the machine that runs the tests. */
class HostSamplerTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private Event next() throws InterruptedException {
    return Objects.requireNonNull(events.poll(60, TimeUnit.SECONDS), "an event within a minute");
  }

  private HostSample complete() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      if (next() instanceof HostEvent.Sampled(HostSample sample)
          && sample.cpu() != null
          && sample.disks() != null) {
        return sample;
      }
    }
    throw new AssertionError("no complete sample among a hundred");
  }

  @Test
  void aRealReadingIsPlausibleAndIsWhatIsAnswered() throws Exception {
    bus.onEvent(events::add);
    HostSampler sampler =
        new HostSampler(
            new HostConfig(Duration.ofMillis(100)),
            bus,
            new Time(InstantSource.system(), System::nanoTime));
    vertx
        .deployVerticle(sampler, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER))
        .toCompletionStage()
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
    assertEquals(
        new ComponentEvent.Changed("host", ComponentEvent.Status.HEALTHY, "every collector works"),
        next());

    HostSample sample = complete();
    assertPlausible(sample);

    HostSample newest =
        bus.ask(HostRequests.READ, new HostRequests.Read())
            .toCompletionStage()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS)
            .host();
    assertEquals(sample.hostName(), Objects.requireNonNull(newest).hostName());
  }

  private static void assertPlausible(HostSample sample) {
    Assertions.assertAll(
        () -> assertFalse(sample.hostName().isBlank()),
        () -> assertTrue(Objects.requireNonNull(sample.uptime()).isPositive()),
        () -> assertCpu(Objects.requireNonNull(sample.cpu())),
        () -> assertMemory(Objects.requireNonNull(sample.memory())),
        () -> assertDisks(Objects.requireNonNull(sample.disks())),
        () -> assertTrue(Objects.requireNonNull(sample.load()).oneMinute() >= 0),
        () ->
            Objects.requireNonNull(sample.network())
                .forEach(one -> assertTrue(one.receivedBytesPerSecond() >= 0, one::toString)),
        () ->
            Objects.requireNonNull(sample.diskActivity())
                .forEach(one -> assertShare(one.busyShare())),
        () -> {
          if (sample.pressure() != null) {
            sample.pressure().forEach(one -> assertShare(one.someTenSeconds()));
          }
        });
  }

  private static void assertShare(double share) {
    assertTrue(share >= 0 && share <= 1, () -> "a share of " + share);
  }

  private static void assertCpu(HostSample.Cpu cpu) {
    assertShare(cpu.busyShare());
    assertShare(cpu.stealShare());
    assertShare(cpu.iowaitShare());
    assertFalse(cpu.perCoreShare().isEmpty());
    cpu.perCoreShare().forEach(HostSamplerTest::assertShare);
  }

  private static void assertMemory(HostSample.Memory memory) {
    assertTrue(memory.availableBytes() > 0 && memory.availableBytes() <= memory.totalBytes());
    assertTrue(memory.swapUsedBytes() <= memory.swapTotalBytes());
  }

  private static void assertDisks(List<HostSample.Disk> disks) {
    assertTrue(disks.stream().anyMatch(disk -> disk.mount().equals("/")), disks::toString);
    disks.forEach(disk -> assertTrue(disk.usableBytes() <= disk.totalBytes(), disk::toString));
  }

  private static HostConfig configured(String yaml) throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", yaml, Map.of());
    HostConfig config = HostConfig.from(reading.root().section("host"));
    reading.finish();
    return config;
  }

  @Test
  void theIntervalIsASecondUnlessSaidOtherwise() throws Exception {
    assertEquals(new HostConfig(Duration.ofSeconds(1)), configured(""));
    assertEquals(new HostConfig(Duration.ofMillis(250)), configured("host: {interval: 250ms}"));
  }

  @Test
  void anIntervalOutOfRangeIsRefused() {
    Assertions.assertThrows(BadConfiguration.class, () -> configured("host: {interval: 10ms}"));
    Assertions.assertThrows(BadConfiguration.class, () -> configured("host: {interval: 2h}"));
  }
}
