/**
 * Remedies: what rules can do about a symptom. One remedy a file; {@code RemedyDesk} does what the
 * healer asks for, within a deadline.
 */
@NullMarked
package io.selfheal.remedy;

import org.jspecify.annotations.NullMarked;
