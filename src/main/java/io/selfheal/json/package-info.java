/**
 * Records to JSON and back, in the house's spelling: snake_case, RFC 3339 times, durations as whole
 * milliseconds under a name that ends in {@code _ms}, enum constants in lower case.
 */
@NullMarked
package io.selfheal.json;

import org.jspecify.annotations.NullMarked;
