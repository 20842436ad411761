package io.selfheal.demo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of one fault.
 *
 * @param detectedAfter from the fault to the first event that names it; null when there was none
 * @param healedAfter from the fault to the moment at which all was well again; null when never
 * @param outcome one sentence
 */
record FaultReport(
    String fault,
    @Nullable Duration detectedAfter,
    @Nullable Duration healedAfter,
    boolean good,
    String outcome) {}
