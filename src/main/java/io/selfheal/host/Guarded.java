package io.selfheal.host;

import io.selfheal.bus.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one collector so that it cannot hurt the others: times it, turns what it throws into a
 * reason, and logs a reason once until it changes.
 */
final class Guarded<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Guarded.class);
  private static final Duration SLOW = Duration.ofMillis(500);

  private final String name;
  private final Collector<T> collector;
  private final Time time;
  private @Nullable String failure;
  private boolean slow;
  private boolean warm;

  Guarded(String name, Collector<T> collector, Time time) {
    this.name = name;
    this.collector = collector;
    this.time = time;
  }

  String name() {
    return name;
  }

  /** Why it fails; empty while it works or has no data yet. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** The value, or null with the reason in {@code problems} under the collector's name. */
  @Nullable T read(Map<String, String> problems) {
    long start = time.mark();
    Reading<T> reading;
    try {
      reading = collector.collect();
      worked();
    } catch (Exception | LinkageError thrown) {
      // LinkageError: JNA cannot unpack its library, for example under a noexec temporary
      // directory.
      reading = new Reading.None<>(failed(thrown));
    }
    timed(time.since(start));
    return switch (reading) {
      case Reading.Data<T>(T value) -> value;
      case Reading.None<T>(String reason) -> {
        problems.put(name, reason);
        yield null;
      }
    };
  }

  private void worked() {
    if (failure != null) {
      LOG.info("Host collector {} works again", name);
      failure = null;
    }
  }

  private String failed(Throwable thrown) {
    String reason = reason(thrown);
    if (!reason.equals(failure)) {
      LOG.warn("Host collector {} failed: {}; the others go on", name, reason, thrown);
    }
    failure = reason;
    return reason;
  }

  /**
   * JNA unpacks a library when OSHI is first used; where it cannot, each later use fails with other
   * words. The reason stays the same, and the log has the stack.
   */
  private static String reason(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof LinkageError) {
        return "OSHI cannot load its native library; name a directory that may be written and"
            + " executed in, with -Djna.tmpdir=DIRECTORY";
      }
    }
    return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
  }

  private void timed(Duration took) {
    // The first reading loads libraries.
    boolean slowNow = warm && took.compareTo(SLOW) > 0;
    warm = true;
    if (slowNow && !slow) {
      LOG.warn("Host collector {} took {} ms; readings come late", name, took.toMillis());
    }
    slow = slowNow;
  }
}
