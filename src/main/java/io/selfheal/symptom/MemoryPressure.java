package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;

/**
 * {@code memory_pressure}: tasks lose time because memory is short: they wait for pages to be read
 * again, written out or freed. Much memory in use is no symptom, waiting for it is.
 *
 * <pre>
 * where: {worker: images}     names, * for anything; without it: the host as a whole
 * enter: {some: 20%, full: 10%, stalled: 800ms of 4s}
 * leave: {some: 10%, full: 5%}
 * </pre>
 *
 * <p>{@code stalled}: the kernel tells by itself, as soon as at least one task waited for so long
 * within such a time (a trigger of its pressure stall information). By default that is the share
 * {@code some} of 4 s, so that a spike of less is none; {@code never}: it is not asked to. The time
 * is 500ms to 10s. An agent without CAP_SYS_RESOURCE may have multiples of 2s only, of which it is
 * told at most 2 s late; before Linux 6.5 it may have none. For the {@code for} of the rule, time
 * counts from such a word to the next: a single spike has none of it. It is not gone until the next
 * word must have come, after that time and 2.5 s.
 *
 * <p>{@code some} is the share of the last ten seconds in which at least one task waited, {@code
 * full} that in which all did that had anything to do. By these means it is there when one reaches
 * {@code enter}, and, when the kernel is silent, gone when neither is above {@code leave}; by
 * default that is half of it. Where the kernel refuses to tell by itself (an old one, a pressure
 * file that is read-only, as in many containers, or not the agent's) they judge alone; the log says
 * so once, and the evidence does.
 *
 * <p>The host's come with its readings. A worker's are those of the control group that its process
 * is in, looked at once a second; that needs cgroup v2, and a group of its own: else it is unknown,
 * and why.
 *
 * <p>The subject is {@code host}, or the instance of the worker.
 */
final class MemoryPressure implements Symptom {
  @Override
  public String name() {
    return "memory_pressure";
  }

  @Override
  public String description() {
    return "tasks of the host, or of a worker's control group, lose time waiting for memory";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    Choice workers = Choice.from(where, "worker");
    double some = enter.share("some", 0.2);
    Stall stall =
        new Stall(
            Band.share(enter, leave, "some", 0.2, some / 2),
            Band.share(enter, leave, "full", 0.1, enter.share("full", 0.1) / 2),
            StallLimit.from(enter, some));
    return workers.names().isEmpty()
        ? () -> new HostMemory(stall)
        : () -> new GroupMemory(workers, stall);
  }
}
