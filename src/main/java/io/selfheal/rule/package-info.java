/**
 * Rules: a symptom, when it counts, and the ladder of remedies for it; read from {@code
 * rules.yaml}.
 *
 * <p>{@code Symptom} and {@code Remedy} are the two interfaces that a plugin may implement. What
 * watches, what decides and what acts are other packages; they share the rules through {@code
 * RuleBook}.
 */
@NullMarked
package io.selfheal.rule;

import org.jspecify.annotations.NullMarked;
