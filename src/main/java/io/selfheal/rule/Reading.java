package io.selfheal.rule;

import io.selfheal.message.Presence;
import java.util.Map;

/**
 * What a detector says of one subject at one moment.
 *
 * @param subject what it is about, see {@link io.selfheal.message.Subject}
 * @param evidence one sentence for an operator, with the numbers
 * @param values what was measured, by a name that carries its unit
 */
public record Reading(
    String subject, Presence presence, String evidence, Map<String, Double> values) {
  /** Copies the values. */
  public Reading {
    values = Map.copyOf(values);
  }

  /** Without numbers. */
  public Reading(String subject, Presence presence, String evidence) {
    this(subject, presence, evidence, Map.of());
  }
}
