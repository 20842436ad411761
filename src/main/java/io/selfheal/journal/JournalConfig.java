package io.selfheal.journal;

import io.selfheal.config.Section;
import java.time.Duration;

/**
 * How much of the past is kept.
 *
 * @param retain how long events stay in PostgreSQL, dropped by whole days; 1 hour to 3650 days,
 *     default 30 days. Of several agents on one database the shortest counts.
 * @param spoolBytes room for events on local disk; 1 MiB to 64 GiB, default 256 MiB. The file may
 *     be somewhat larger while space is being reclaimed.
 */
public record JournalConfig(Duration retain, long spoolBytes) {
  private static final long MEBIBYTE = 1L << 20;

  /** Nothing said. */
  public static final JournalConfig DEFAULT =
      new JournalConfig(Duration.ofDays(30), 256 * MEBIBYTE);

  /** Reads the section {@code journal}. */
  public static JournalConfig from(Section section) {
    return new JournalConfig(
        section.duration("retain", DEFAULT.retain, Duration.ofHours(1), Duration.ofDays(3650)),
        section.bytes("spool", DEFAULT.spoolBytes, MEBIBYTE, 65_536 * MEBIBYTE));
  }
}
