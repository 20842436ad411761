package io.selfheal.worker;

import io.selfheal.store.Database;
import org.jspecify.annotations.Nullable;

/**
 * What agents share of their view of workers.
 *
 * @param agent this agent's name
 * @param database where they share it; null when no other agent can be there
 */
public record Shared(String agent, @Nullable Database database) {
  @Nullable PgViews views() {
    return database == null ? null : new PgViews(database, agent);
  }
}
