package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident.Step;
import java.util.List;

/**
 * An event that matched a rule.
 *
 * @param rule its name
 * @param summary one sentence for an operator
 * @param ladder the remedies, in order; none has begun
 */
record Match(String rule, Event cause, String summary, List<Step> ladder) {}
