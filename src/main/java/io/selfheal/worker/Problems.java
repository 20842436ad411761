package io.selfheal.worker;

import io.selfheal.bus.Bus;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What hampers the watch, and the health that follows; published when it changes. */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String COMPONENT = "workers";

  private final Bus bus;
  private final Map<String, String> current = new TreeMap<>();

  Problems(Bus bus) {
    this.bus = bus;
  }

  /** Sets what is wrong with a subject; an empty text means that it is well. */
  void set(String subject, String problem) {
    String before = problem.isEmpty() ? current.remove(subject) : current.put(subject, problem);
    if (problem.isEmpty() ? before == null : problem.equals(before)) {
      return;
    }
    if (!problem.isEmpty()) {
      LOG.warn("{}: {}", subject, problem);
    }
    publish();
  }

  void publish() {
    bus.publish(
        current.isEmpty()
            ? new ComponentEvent.Changed(COMPONENT, Status.HEALTHY, "all workers are watched")
            : new ComponentEvent.Changed(
                COMPONENT, Status.DEGRADED, String.join("; ", current.values())));
  }

  /** The watch cannot start at all. */
  static void unavailable(Bus bus, String cause) {
    bus.publish(new ComponentEvent.Changed(COMPONENT, Status.UNAVAILABLE, cause));
  }
}
