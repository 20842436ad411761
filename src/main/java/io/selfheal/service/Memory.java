package io.selfheal.service;

import io.selfheal.bus.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the services remember over restarts, and what came of it: without a file they are guarded
 * all the same, and forget with the agent.
 */
final class Memory {
  private static final Logger LOG = LoggerFactory.getLogger(Memory.class);
  private static final String FILE = "services.state";

  private final @Nullable StateFile file;
  private @Nullable String problem;

  private final boolean whole;

  private Memory(@Nullable StateFile file, @Nullable String problem, boolean whole) {
    this.file = file;
    this.problem = problem;
    this.whole = whole;
  }

  /** Opens the file. Blocks. Without services there is none. */
  static Memory open(ServicesConfig config, Path dataDir, Time time) {
    if (config.services().isEmpty()) {
      return new Memory(null, null, false);
    }
    Path path = dataDir.resolve(FILE);
    boolean there = Files.exists(path);
    List<String> names = config.services().stream().map(ServiceConfig::name).toList();
    try {
      StateFile.Opened opened = StateFile.open(path, names, time.wall().millis());
      if (opened.damage() == null) {
        return new Memory(opened.file(), null, there);
      }
      String told =
          "the state of services was damaged: "
              + opened.damage()
              + "; they begin anew, with nothing spent; what was there is in "
              + opened.aside();
      LOG.error("{}: {}", path, told);
      return new Memory(opened.file(), told, false);
    } catch (IOException failure) {
      LOG.error(
          "The state of services cannot be kept in {}: {}. What they spend is forgotten when the"
              + " agent ends; mend the disk and start the agent again",
          path,
          failure.toString());
      return new Memory(null, "their state is not kept: " + failure, false);
    }
  }

  Place place(String service) {
    return file == null ? Place.NOWHERE : file.of(service);
  }

  /** Whether it knows all that an earlier run has spent. */
  boolean whole() {
    return whole;
  }

  /** Whether anything lasts. */
  boolean lasts() {
    return file != null;
  }

  /** Gives every service what an earlier run left of it. */
  void restore(Guard guard, Moment now) {
    if (file == null) {
      return;
    }
    List<String> other = new ArrayList<>();
    for (Guarded service : guard.all()) {
      if (!file.of(service.config().name()).restore(service, now)) {
        other.add(service.config().name());
      }
    }
    if (!other.isEmpty()) {
      LOG.warn(
          "The budgets of {} are in another currency now, and begin with nothing spent", other);
    }
  }

  /** What is wrong, in words for an operator; empty when nothing is. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  boolean takeChanged() {
    return file != null && file.takeChanged();
  }

  /** Brings it to the disk. Blocks. */
  boolean force() {
    if (file != null) {
      file.force();
    }
    return true;
  }

  void close() {
    if (file != null) {
      file.close();
    }
  }
}
