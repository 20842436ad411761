/**
 * The way to services for workers that cannot be changed: what they send to the agent is forwarded,
 * with a permit before and a report after. {@code ServiceProxy} forwards; bodies are streamed and
 * never kept.
 */
@NullMarked
package io.selfheal.proxy;

import org.jspecify.annotations.NullMarked;
