/**
 * Reading and checking configuration, once, at start.
 *
 * <p>{@code Yaml} parses a file into nodes that know their line. {@code Section} hands out typed
 * values, collects every problem with line, key, cause and hint, and refuses unknown keys. Each
 * concern reads its own section into its own record. {@code Secret} never prints itself.
 */
@NullMarked
package io.selfheal.config;

import org.jspecify.annotations.NullMarked;
