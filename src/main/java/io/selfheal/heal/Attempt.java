package io.selfheal.heal;

import io.selfheal.rule.Rule;

/**
 * A remedy that is about to start.
 *
 * @param rule as it is in force now
 * @param remedy the name of the rung's remedy
 * @param subject what the incident is about
 * @param incidentId the incident
 * @param attempt of this rung, in this incident, counted from 1
 */
record Attempt(
    Rule rule, String remedy, String subject, String incidentId, int attempt, Consent consent) {}
