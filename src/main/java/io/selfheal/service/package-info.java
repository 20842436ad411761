/**
 * ServiceGuard: leave for calls of external services, and how they went. A breaker, limits, a
 * budget and a retry budget for each service.
 *
 * <p>{@link io.selfheal.service.Guarded} is one service; it decides on one thread, by the time that
 * it is given, and is asked a hundred thousand times a second.
 */
@NullMarked
package io.selfheal.service;

import org.jspecify.annotations.NullMarked;
