package io.selfheal.symptom;

import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Cpu;
import io.selfheal.message.HostSample.Pressure;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the host's processors are busy, and tasks wait for them. */
final class HostCpu implements Detector {
  private final Band busy;
  private final Band pressure;
  private TenSeconds used = TenSeconds.NEW;

  HostCpu(Band busy, Band pressure) {
    this.busy = busy;
    this.pressure = pressure;
  }

  @Override
  public List<Reading> take(Event event, Surroundings around) {
    return event instanceof HostEvent.Sampled sampled
        ? List.of(read(sampled.host(), around.time().mark()))
        : List.of();
  }

  private Reading read(HostSample host, long mark) {
    Cpu cpu = host.cpu();
    if (cpu == null) {
      String why = host.problems().getOrDefault("cpu", "the host gave no reading of it");
      return unknown("nothing is known of the processors: " + why);
    }
    used = used.next(cpu.busyShare(), mark);
    Optional<Pressure> waits = Pressures.of(host, "cpu");
    if (waits.isEmpty()) {
      return unknown(Pressures.missing(host));
    }
    double waiting = waits.get().someTenSeconds();
    String evidence =
        "the processors are %s busy, and tasks waited for them %s of the time%s"
            .formatted(Amounts.share(used.mean()), Amounts.share(waiting), stolen(cpu));
    return new Reading(
        Subject.HOST,
        Band.every(List.of(busy.of(used.mean()), pressure.of(waiting))),
        evidence,
        Map.of("busy_share", used.mean(), "cpu_pressure_share", waiting));
  }

  private static String stolen(Cpu cpu) {
    return cpu.stealShare() < 0.05
        ? ""
        : "; the hypervisor gave %s of it to others".formatted(Amounts.share(cpu.stealShare()));
  }

  private static Reading unknown(String why) {
    return new Reading(Subject.HOST, Presence.UNKNOWN, why);
  }
}
