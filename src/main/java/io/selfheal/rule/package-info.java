/**
 * Rules: a symptom, when it counts, and the ladder of remedies for it; read from {@code
 * rules.yaml}.
 *
 * <p>{@code Symptom} and {@code Remedy} are the two interfaces that a plugin may implement: a jar
 * in the folder {@code agent.plugins} that names its classes in {@code META-INF/services}. It runs
 * with the agent's rights. A symptom is read once a rule, and makes detectors; a remedy is read
 * once a rung, and acts. Both say what is wrong with a rule on its sections.
 *
 * <p>What watches, what decides and what acts are other packages; they share the rules through
 * {@code RuleBook}.
 */
@NullMarked
package io.selfheal.rule;

import org.jspecify.annotations.NullMarked;
