package io.selfheal.live;

import io.selfheal.config.Section;
import java.time.Duration;

/**
 * How the live stream serves.
 *
 * @param maxClients clients at once, 1 to 100,000; by default 2,000; the next one gets 503
 * @param queueBytes what waits for one slow client before it is closed, 64 KiB to 64 MiB; by
 *     default 1 MiB
 * @param flush how long events are gathered into one frame; 25 ms
 * @param heartbeat how often clients are told how far the log is; 10 s
 * @param ping how often a sign of life is asked for; 20 s; two without an answer end the client
 * @param farewell how long a client may take to answer our closing before it is cut off; 10 s
 */
public record LiveConfig(
    int maxClients,
    long queueBytes,
    Duration flush,
    Duration heartbeat,
    Duration ping,
    Duration farewell) {
  private static final long KIB = 1024;

  /** Everything at its default. */
  public static LiveConfig defaults() {
    return of(2_000, 1024 * KIB);
  }

  /** Reads {@code max_clients} and {@code queue} from the section {@code live}. */
  public static LiveConfig from(Section section) {
    LiveConfig defaults = defaults();
    return of(
        section.integer("max_clients", defaults.maxClients(), 1, 100_000),
        section.bytes("queue", defaults.queueBytes(), 64 * KIB, 64 * 1024 * KIB));
  }

  private static LiveConfig of(int maxClients, long queueBytes) {
    return new LiveConfig(
        maxClients,
        queueBytes,
        Duration.ofMillis(25),
        Duration.ofSeconds(10),
        Duration.ofSeconds(20),
        Duration.ofSeconds(10));
  }
}
