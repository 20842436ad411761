package io.selfheal;

import com.sun.management.OperatingSystemMXBean;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.message.AgentRequests;
import io.selfheal.message.Topics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Answers for the agent itself: what it is, what it costs, how it is configured. */
final class AgentSelf extends VerticleBase {
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final long PAGE_BYTES = 4096;

  private final AgentConfig config;
  private final Bus bus;
  private final Time time;
  private final OperatingSystemMXBean machine =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final Instant startedAt;
  private final long startedMark;

  private long events;
  private long eventsBefore;
  private long cpuBefore;
  private long markBefore;
  private double eventsPerSecond;
  private double cpuShare = -1;

  AgentSelf(AgentConfig config, Bus bus, Time time) {
    this.config = config;
    this.bus = bus;
    this.time = time;
    this.startedAt = time.now();
    this.startedMark = time.mark();
  }

  @Override
  public Future<?> start() {
    cpuBefore = machine.getProcessCpuTime();
    markBefore = time.mark();
    bus.on(Topics.RECORDED, recorded -> events++);
    bus.answer(AgentRequests.AGENT, asked -> vertx.executeBlocking(this::rssBytes).map(this::self));
    bus.answer(AgentRequests.CONFIG, asked -> Future.succeededFuture(settings()));
    new Ticker(vertx, "own cost", PERIOD, this::tick).start();
    return Future.succeededFuture();
  }

  private Future<?> tick() {
    long cpu = machine.getProcessCpuTime();
    long mark = time.mark();
    double seconds = Math.max(1, mark - markBefore) / 1e9;
    cpuShare = (cpu - cpuBefore) / 1e9 / seconds;
    eventsPerSecond = (events - eventsBefore) / seconds;
    cpuBefore = cpu;
    markBefore = mark;
    eventsBefore = events;
    return Future.succeededFuture();
  }

  private AgentRequests.Agent self(long rssBytes) {
    Runtime runtime = Runtime.getRuntime();
    return new AgentRequests.Agent(
        config.name(),
        Version.current(),
        AgentConfig.hostName(),
        ProcessHandle.current().pid(),
        startedAt,
        time.since(startedMark),
        cpuShare,
        rssBytes,
        runtime.totalMemory() - runtime.freeMemory(),
        eventsPerSecond,
        events);
  }

  private AgentRequests.Config settings() {
    List<AgentRequests.Setting> settings =
        config.settings().stream()
            .map(each -> new AgentRequests.Setting(each.key(), each.value(), each.source()))
            .toList();
    return new AgentRequests.Config(config.file().toString(), settings);
  }

  /** The second field of /proc/self/statm, in pages. */
  private long rssBytes() throws java.io.IOException {
    String statm = Files.readString(Path.of("/proc/self/statm"));
    int begin = statm.indexOf(' ') + 1;
    return Long.parseLong(statm.substring(begin, statm.indexOf(' ', begin))) * PAGE_BYTES;
  }
}
