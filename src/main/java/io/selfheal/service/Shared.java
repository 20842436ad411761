package io.selfheal.service;

import io.selfheal.store.Database;
import org.jspecify.annotations.Nullable;

/**
 * What agents share of the services that they guard.
 *
 * @param agent this agent's name, for people: agents of the same name are told apart all the same
 * @param database where they share it; null when no other agent can be there
 */
public record Shared(String agent, @Nullable Database database) {
  /** With nobody. */
  public static final Shared ALONE = new Shared("", null);
}
