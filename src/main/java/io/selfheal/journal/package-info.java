/**
 * The journal: every event gets its place, is published, and is kept; on local disk at once, in
 * PostgreSQL when that can be had.
 *
 * <p>{@code Journal} wires. {@code Spool} is the file, touched by one thread only. {@code Replay}
 * brings the spool to PostgreSQL, in order, each event once. What to give up when there is no room,
 * and what to say when something is wrong, is decided in {@code Eviction} and {@code Condition}.
 */
@NullMarked
package io.selfheal.journal;

import org.jspecify.annotations.NullMarked;
