/**
 * The live stream: journaled events to WebSocket clients.
 *
 * <p>{@code LiveFeed} owns all state on its own context. {@code Audience} groups clients by filter,
 * so that a batch is put together once for all of a group; {@code Session} decides for one client
 * what to send, queue, give up or read again, and reaches its socket only through {@code Line}.
 */
@NullMarked
package io.selfheal.live;

import org.jspecify.annotations.NullMarked;
