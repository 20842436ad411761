package io.selfheal.worker;

import java.time.Duration;
import java.util.Optional;

/**
 * What a process is allowed.
 *
 * @param frozenAfter stopped by a signal for this long: it is called frozen
 * @param silentAfter without a heartbeat for longer: it is called silent; empty: never
 */
record Patience(Duration frozenAfter, Optional<Duration> silentAfter) {}
