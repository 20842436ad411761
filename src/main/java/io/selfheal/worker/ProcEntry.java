package io.selfheal.worker;

import java.time.Duration;
import java.util.List;

/**
 * One process of a scan.
 *
 * @param age since its start
 * @param command its arguments, joined by spaces; empty when not asked for, not readable, or a
 *     kernel thread's
 * @param cgroups the paths of its control groups; empty when not asked for
 */
record ProcEntry(ProcStat stat, Duration age, String command, List<String> cgroups) {}
