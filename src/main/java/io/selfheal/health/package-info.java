/**
 * Whether the agent lives and is ready: the newest status of every part, kept from the parts' own
 * events and checked through vertx-health-check.
 */
@NullMarked
package io.selfheal.health;

import org.jspecify.annotations.NullMarked;
