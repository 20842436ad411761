/**
 * The typed event bus and the loop that ticks.
 *
 * <p>{@code Bus} is the only user of Vert.x's {@code eventBus()}: records travel by reference
 * through one local codec, and a handler that fails fails its requester. {@code Ticker} re-arms a
 * one-shot timer after its body ended, because a periodic timer overlaps asynchronous bodies.
 */
@NullMarked
package io.selfheal.bus;

import org.jspecify.annotations.NullMarked;
