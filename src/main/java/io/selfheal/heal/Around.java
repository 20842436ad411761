package io.selfheal.heal;

import io.selfheal.message.HealRequests.Switch;
import io.selfheal.rule.Limits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How things stand when a remedy is judged.
 *
 * @param starved why the host or the agent gets too little to tell slow from dead
 * @param crew of the worker that the remedy acts on; null when it acts on none
 */
record Around(
    Moment now, Switch pause, Optional<String> starved, @Nullable Crew crew, Limits limits) {}
