/**
 * The commands of agent.sh that talk to a running agent over its HTTP API.
 *
 * <p>Data goes to standard output, progress and errors to standard error; tables for people, JSON
 * with {@code -o json} for scripts.
 */
@NullMarked
package io.selfheal.cli;

import org.jspecify.annotations.NullMarked;
