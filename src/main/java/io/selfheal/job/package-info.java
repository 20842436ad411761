/**
 * Job sources: finding stuck jobs, judging them, rescuing them.
 *
 * <p>{@code JobSweeper} only finds and judges on its ticks; it rescues when asked to. What to do
 * with a job is decided by {@code Policy}, which is pure. A {@code Preset} knows one layout of a
 * job table and gives the SQL for it; only classes named {@code Pg*} touch the database.
 */
@NullMarked
package io.selfheal.job;

import org.jspecify.annotations.NullMarked;
