/**
 * The whole agent as a process of its own, on a real PostgreSQL, with real workers and signals.
 *
 * <p>{@code AgentUnderTest} starts, asks, signals and cleans up; every test waits in {@code Await},
 * and nowhere else.
 */
@NullMarked
package io.selfheal.system;

import org.jspecify.annotations.NullMarked;
