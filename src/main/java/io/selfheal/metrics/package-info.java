/**
 * What the agent does, as {@code selfheal_*} metrics: a reader of the events that keeps meters, and
 * the handler that shows them as Prometheus text. Labels come from configuration or from closed
 * sets, never from processes, jobs or incidents; beyond a bound they are {@code other}.
 */
@NullMarked
package io.selfheal.metrics;

import org.jspecify.annotations.NullMarked;
