package io.selfheal.store;

import io.selfheal.config.Secret;
import io.selfheal.config.Section;
import java.time.Duration;
import java.util.Optional;

/**
 * The section {@code database}. A pooler of transactions, such as PgBouncer, may stand before it
 * and before the databases of sources. Only the schema is not migrated through one: {@code migrate}
 * does that over a direct connection.
 *
 * @param url where PostgreSQL is; empty for the embedded one; key {@code url}, default {@code
 *     embedded}, environment {@code SELFHEAL_DATABASE_URL}
 * @param poolMax most connections to one database; key {@code pool.max}, 1 to 100, default 5
 * @param statementTimeout the longest that one statement may run; key {@code statement_timeout},
 *     100ms to 1h, default 30s
 */
public record StoreConfig(Optional<PostgresUrl> url, int poolMax, Duration statementTimeout) {
  private static final String EMBEDDED = "embedded";
  private static final int DEFAULT_POOL = 5;
  private static final int LARGEST_POOL = 100;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** The defaults: the embedded PostgreSQL. */
  public static StoreConfig defaults() {
    return new StoreConfig(Optional.empty(), DEFAULT_POOL, DEFAULT_TIMEOUT);
  }

  /** The defaults with another database. */
  public static StoreConfig with(PostgresUrl url) {
    return new StoreConfig(Optional.of(url), DEFAULT_POOL, DEFAULT_TIMEOUT);
  }

  /** Reads it; what is wrong is noted in the section. */
  public static StoreConfig from(Section section) {
    return new StoreConfig(
        url(section),
        section.section("pool").integer("max", DEFAULT_POOL, 1, LARGEST_POOL),
        section.duration(
            "statement_timeout", DEFAULT_TIMEOUT, Duration.ofMillis(100), Duration.ofHours(1)));
  }

  private static Optional<PostgresUrl> url(Section section) {
    String written = section.secret("url", EMBEDDED).map(Secret::reveal).orElse(EMBEDDED).strip();
    if (written.equals(EMBEDDED)) {
      return Optional.empty();
    }
    try {
      return Optional.of(PostgresUrl.parse(written));
    } catch (IllegalArgumentException malformed) {
      section.reject("url", String.valueOf(malformed.getMessage()), "or write: embedded");
      return Optional.empty();
    }
  }
}
