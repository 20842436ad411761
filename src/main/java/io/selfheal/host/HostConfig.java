package io.selfheal.host;

import io.selfheal.config.Section;
import java.time.Duration;

/**
 * The section {@code host}.
 *
 * @param interval the pause between two readings; 100ms to 1h, default 1s
 */
public record HostConfig(Duration interval) {
  /** Reads the section. */
  public static HostConfig from(Section section) {
    return new HostConfig(
        section.duration(
            "interval", Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofHours(1)));
  }
}
