/**
 * Failures that workers report. {@code ErrorDesk} gives each an id and tells it as an event, which
 * the journal keeps and the metrics count.
 */
@NullMarked
package io.selfheal.error;

import org.jspecify.annotations.NullMarked;
