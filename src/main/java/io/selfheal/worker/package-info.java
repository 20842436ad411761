/**
 * Watches worker processes: finds or starts them, hears of their death from the kernel, samples
 * them, and judges the holders of jobs by evidence.
 *
 * <p>{@code WorkerWatch} is the verticle and owns all state. Parsing and deciding are pure and
 * apart from reading {@code /proc}, from system calls and from starting processes.
 */
@NullMarked
package io.selfheal.worker;

import org.jspecify.annotations.NullMarked;
