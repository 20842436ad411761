/**
 * The process entry and the composition root.
 *
 * <p>Main reads the command line, Agent deploys the verticles in order and stops them in reverse,
 * AgentConfig is the whole configuration. Only here may the system's clocks, its environment and
 * the exit be touched.
 */
@NullMarked
package io.selfheal;

import org.jspecify.annotations.NullMarked;
