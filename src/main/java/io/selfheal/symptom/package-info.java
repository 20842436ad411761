/**
 * Symptoms: what the rules watch for. One detector a file; {@code SymptomWatch} feeds them all that
 * happens, lets them look, counts how long a symptom holds, and publishes when it counts and when
 * it is measured gone.
 */
@NullMarked
package io.selfheal.symptom;

import org.jspecify.annotations.NullMarked;
