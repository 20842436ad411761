package io.selfheal.rule;

import java.time.Duration;

/**
 * One rung of a ladder.
 *
 * @param remedy its name
 * @param deadline {@code deadline}: how long it may take; 1s to 1d, default 60s
 * @param act what it does, as the rule has it
 */
public record Rung(String remedy, Duration deadline, Act act) {}
