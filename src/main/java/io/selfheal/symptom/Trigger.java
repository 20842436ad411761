package io.selfheal.symptom;

import java.nio.file.Path;

/**
 * Where the kernel is asked to tell of a stall. Pure.
 *
 * @param file {@code /proc/pressure/memory}, or {@code memory.pressure} of a control group
 * @param made tells a group from a later one of the same name; 0 for the host
 */
record Trigger(Path file, long made, StallLimit limit) {}
