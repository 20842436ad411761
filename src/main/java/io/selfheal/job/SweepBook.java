package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.SweepEvent;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the sweeps of one source did so far, and the news of each. */
final class SweepBook {
  private static final Logger LOG = LoggerFactory.getLogger(SweepBook.class);

  private final String source;
  private final Bus bus;
  private final Time time;
  private @Nullable Instant lastSweep;
  private @Nullable Duration lastSweepTook;
  private long rescued;

  SweepBook(String source, Bus bus, Time time) {
    this.source = source;
    this.bus = bus;
    this.time = time;
  }

  /** A sweep has ended. */
  void swept(SweepRun run, Duration took, @Nullable String error, @Nullable String incidentId) {
    rescued += run.rescued();
    lastSweep = time.now();
    lastSweepTook = took;
    if (run.rescued() > 0 && incidentId == null) {
      // A sweep that belongs to an incident is told by the healer.
      LOG.info(
          "Rescued {} of source {} in {} ms",
          run.rescued() == 1 ? "1 job" : run.rescued() + " jobs",
          source,
          took.toMillis());
    }
    if (run.rescued() > 0 || error != null || incidentId != null) {
      finished(run.looked(), run.stuck(), run.rescued(), took, error, incidentId);
    }
  }

  /** A look found a problem. */
  void failed(LookRun run, Duration took, String problem) {
    finished(run.looked(), run.stuck(), 0, took, problem, null);
  }

  private void finished(
      long looked,
      long stuck,
      long done,
      Duration took,
      @Nullable String error,
      @Nullable String incidentId) {
    bus.publish(new SweepEvent.Finished(source, looked, stuck, done, took, error, incidentId));
  }

  /** When the last sweep ended; null before the first. */
  @Nullable Instant lastSweep() {
    return lastSweep;
  }

  @Nullable Duration lastSweepTook() {
    return lastSweepTook;
  }

  long rescued() {
    return rescued;
  }
}
