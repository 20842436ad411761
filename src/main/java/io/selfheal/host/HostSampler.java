package io.selfheal.host;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostRequests;
import io.selfheal.message.HostSample;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads the machine on a tick and publishes what it found. Its tick blocks for about a millisecond,
 * and for longer when OSHI is loaded: deploy it on a worker thread.
 */
public final class HostSampler extends VerticleBase {
  private static final String COMPONENT = "host";
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private final HostConfig config;
  private final Bus bus;
  private final Collectors collectors;

  private String hostName = "";
  private @Nullable Ticker ticker;
  private @Nullable HostSample newest;
  private ComponentEvent.@Nullable Changed said;

  /** Reads this machine. */
  public HostSampler(HostConfig config, Bus bus, Time time) {
    this(config, bus, Collectors.ofThisMachine(time));
  }

  HostSampler(HostConfig config, Bus bus, Collectors collectors) {
    this.config = config;
    this.bus = bus;
    this.collectors = collectors;
  }

  @Override
  public Future<?> start() throws IOException {
    hostName = Files.readString(HOST_NAME).strip();
    bus.answer(HostRequests.READ, read -> Future.succeededFuture(new HostRequests.Newest(newest)));
    Ticker loop = new Ticker(vertx, "host", config.interval(), this::tick).start();
    ticker = loop;
    // Behind the start, because the first reading loads OSHI.
    context.runOnContext(nothing -> loop.hasten());
    return Future.succeededFuture();
  }

  Future<?> tick() {
    HostSample sample = collectors.sample(hostName);
    newest = sample;
    say(health(collectors.failing()));
    bus.publish(new HostEvent.Sampled(sample));
    return Future.succeededFuture();
  }

  private void say(ComponentEvent.Changed health) {
    if (!health.equals(said)) {
      said = health;
      bus.publish(health);
    }
  }

  /** Collectors without data yet are not ill; those that fail are named. */
  static ComponentEvent.Changed health(Map<String, String> failing) {
    if (failing.isEmpty()) {
      return new ComponentEvent.Changed(COMPONENT, Status.HEALTHY, "every collector works");
    }
    StringJoiner detail = new StringJoiner("; ", "failing: ", "");
    failing.forEach((name, reason) -> detail.add(name + ": " + reason));
    return new ComponentEvent.Changed(COMPONENT, Status.DEGRADED, detail.toString());
  }

  @Override
  public Future<?> stop() {
    if (ticker != null) {
      ticker.stop();
    }
    return Future.succeededFuture();
  }
}
