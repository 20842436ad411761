package io.selfheal.rule;

import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a detector says of one subject at one moment.
 *
 * @param subject what it is about, see {@link io.selfheal.message.Subject}
 * @param evidence one sentence for an operator, with the numbers
 * @param values what was measured, by a name that carries its unit
 * @param process the process that was seen so, when it is about one: a remedy then acts on that one
 *     only, and never on its follower; null when it is about none
 */
public record Reading(
    String subject,
    Presence presence,
    String evidence,
    Map<String, Double> values,
    @Nullable ProcessIdentity process) {
  /** Copies the values. */
  public Reading {
    values = Map.copyOf(values);
  }

  /** About no process. */
  public Reading(String subject, Presence presence, String evidence, Map<String, Double> values) {
    this(subject, presence, evidence, values, null);
  }

  /** Without numbers. */
  public Reading(String subject, Presence presence, String evidence) {
    this(subject, presence, evidence, Map.of());
  }
}
