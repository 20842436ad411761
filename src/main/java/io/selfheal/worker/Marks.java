package io.selfheal.worker;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the agent writes into the environment of a process that it starts.
 *
 * <p>After an agent's end its processes are found again by these marks, so nothing else records
 * them. A record in a file is written before or after the fork, and an agent that is killed between
 * the two leaves a process without a record, or a record without a process. The mark comes to life
 * with the process itself, in one execve(2), and goes with it.
 *
 * @param worker the worker's name
 * @param instance the slot's name
 * @param home the data directory of the agent that owns it: several agents may share a host
 */
record Marks(String worker, String instance, String home) {
  static final String PREFIX = "SELFHEAL_";
  private static final String WORKER = PREFIX + "WORKER";
  private static final String INSTANCE = PREFIX + "INSTANCE";
  private static final String HOME = PREFIX + "HOME";

  /** Reads {@code /proc/PID/environ}: {@code NAME=value} with a zero byte behind each. Pure. */
  static Optional<Marks> parse(String environ) {
    if (!environ.contains(INSTANCE)) {
      return Optional.empty();
    }
    String worker = "";
    String instance = "";
    String home = "";
    for (String entry : environ.split("\0", -1)) {
      if (entry.startsWith(WORKER + "=")) {
        worker = entry.substring(WORKER.length() + 1);
      } else if (entry.startsWith(INSTANCE + "=")) {
        instance = entry.substring(INSTANCE.length() + 1);
      } else if (entry.startsWith(HOME + "=")) {
        home = entry.substring(HOME.length() + 1);
      }
    }
    boolean whole = !worker.isEmpty() && !instance.isEmpty() && !home.isEmpty();
    return whole ? Optional.of(new Marks(worker, instance, home)) : Optional.empty();
  }

  /** The variables' names. */
  static Set<String> names() {
    return Set.of(WORKER, INSTANCE, HOME);
  }

  /** Writes them. */
  void into(Map<String, String> environment) {
    environment.put(WORKER, worker);
    environment.put(INSTANCE, instance);
    environment.put(HOME, home);
  }
}
