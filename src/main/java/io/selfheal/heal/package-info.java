/**
 * Healing: symptom → incident → remedy → verification → outcome.
 *
 * <p>{@code Healer} is the shell. What to do about one incident is decided by {@code IncidentPlan},
 * a pure function of the case, an input and the time; {@code BuiltIns} holds the ladders, and each
 * remedy is one file.
 */
@NullMarked
package io.selfheal.heal;

import org.jspecify.annotations.NullMarked;
