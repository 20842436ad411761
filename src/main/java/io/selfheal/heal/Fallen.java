package io.selfheal.heal;

import io.selfheal.message.Event;

/**
 * One of those that fell sick in a storm.
 *
 * @param cause what opened its incident
 * @param at when
 */
record Fallen(String subject, Event cause, Moment at) {}
