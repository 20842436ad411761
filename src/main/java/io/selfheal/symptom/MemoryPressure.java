package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;

/**
 * {@code memory_pressure}: tasks lose time because memory is short: they wait for pages to be read
 * again, written out or freed. Much memory in use is no symptom, waiting for it is.
 *
 * <pre>
 * where: {worker: images}     names, * for anything; without it: the host as a whole
 * enter: {some: 20%, full: 10%}
 * leave: {some: 10%, full: 5%}
 * </pre>
 *
 * <p>{@code some} is the share of the last ten seconds in which at least one task waited, {@code
 * full} that in which all did that had anything to do. It is there when one reaches {@code enter},
 * and gone when neither is above {@code leave}; by default that is half of it.
 *
 * <p>The host's comes with its readings. A worker's is that of the control group that its process
 * is in, looked at once a second; that needs cgroup v2, and a group of its own: else it is unknown,
 * and why. The kernel renews both every two seconds; its triggers, which need CAP_SYS_RESOURCE to
 * be faster than that, would not be sooner by more.
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
    Stall stall =
        new Stall(
            Band.share(enter, leave, "some", 0.2, enter.share("some", 0.2) / 2),
            Band.share(enter, leave, "full", 0.1, enter.share("full", 0.1) / 2));
    return workers.names().isEmpty()
        ? () -> new HostMemory(stall)
        : () -> new GroupMemory(workers, stall);
  }
}
