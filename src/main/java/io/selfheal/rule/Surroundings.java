package io.selfheal.rule;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import java.util.Optional;

/**
 * What symptoms and remedies see of the agent.
 *
 * @param time its clocks; in a replay those of the stored facts
 * @param bus where other parts are asked; a detector that asks on a replay gets no answer
 * @param starved why the host or the agent itself gets too little processor time, memory or disk to
 *     tell slow from dead; empty when it does not
 */
public record Surroundings(Time time, Bus bus, Optional<String> starved) {}
