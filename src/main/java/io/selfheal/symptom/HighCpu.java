package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;

/**
 * {@code high_cpu}: the processors of the host, or a worker on them, are busy, and others wait for
 * them. Busy is not sick: without pressure, the kernel's share of time in which some task waited
 * for a processor, it does not count. Where the kernel keeps no pressure it is unknown.
 *
 * <pre>
 * where: {worker: images}     names, * for anything; without it: the host as a whole
 * enter: {busy: 90%, pressure: 40%, cores: 0.9}
 * leave: {busy: 80%, pressure: 20%, cores: 0.72}
 * </pre>
 *
 * <p>{@code busy} is the share of all processor time that is used (only for the host), {@code
 * cores} how many processors' time one process uses (only for a worker), {@code pressure} is of the
 * host. All are means over ten seconds. It is there when all reach {@code enter}, and gone when one
 * is not above {@code leave}. By default {@code leave} is 10 points below {@code busy}, 20 below
 * {@code pressure}, and four fifths of {@code cores}.
 *
 * <p>The subject is {@code host}, or the instance of the worker.
 */
final class HighCpu implements Symptom {
  private static final double MOST_CORES = 4096;

  @Override
  public String name() {
    return "high_cpu";
  }

  @Override
  public String description() {
    return "the host or a worker is busy while others wait for the processor";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    Choice workers = Choice.from(where, "worker");
    Band pressure = Band.share(enter, leave, "pressure", 0.4, 0.2);
    if (workers.names().isEmpty()) {
      Band busy = Band.share(enter, leave, "busy", 0.9, 0.1);
      return () -> new HostCpu(busy, pressure);
    }
    Band cores = Band.number(enter, leave, "cores", 0.9, MOST_CORES);
    return () -> new WorkerCpu(workers, cores, pressure);
  }
}
