package io.selfheal.symptom;

import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.util.List;

/** Whether tasks of the host wait for memory. */
final class HostMemory implements Detector {
  private final Stall stall;

  HostMemory(Stall stall) {
    this.stall = stall;
  }

  @Override
  public List<Reading> take(Event event, Surroundings around) {
    return event instanceof HostEvent.Sampled sampled ? List.of(read(sampled.host())) : List.of();
  }

  private Reading read(HostSample host) {
    return Pressures.of(host, "memory")
        .map(memory -> stall.judge(Subject.HOST, "the host", memory, null))
        .orElseGet(() -> new Reading(Subject.HOST, Presence.UNKNOWN, Pressures.missing(host)));
  }
}
