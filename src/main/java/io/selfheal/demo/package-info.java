/**
 * The demonstration, which is also the end-to-end test: real workers on a real PostgreSQL, broken
 * one way after another while the agent heals them.
 *
 * <p>{@code PgDemoWorker} is what a user's worker would be and knows nothing of the agent. {@code
 * DemoHouse} starts and ends the parts; every fault is one file; {@code PgDemoJobs} checks at the
 * end that each job completed exactly once.
 */
@NullMarked
package io.selfheal.demo;

import org.jspecify.annotations.NullMarked;
