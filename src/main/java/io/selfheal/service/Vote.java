package io.selfheal.service;

/**
 * Another agent has the breaker of a service open by its own experience.
 *
 * @param agent its name
 * @param openedAt the mark at which it opened, or earlier
 * @param until the mark from which it looks with a few calls, or earlier
 * @param reason why it opened
 */
record Vote(String service, String agent, long openedAt, long until, String reason) {}
