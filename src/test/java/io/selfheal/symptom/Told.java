package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.message.Event;
import io.selfheal.message.Presence;
import io.selfheal.message.ProcessSample;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Symptom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A symptom of which the test says whether it is there; it fails when it is told to. */
final class Told implements Symptom {
  private static final List<Presence> ALL = List.of(Presence.values());
  private static final int FAIL = 99;

  final AtomicInteger made = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  volatile Optional<String> starved = Optional.empty();

  @Override
  public String name() {
    return "told";
  }

  @Override
  public String description() {
    return "what the test says";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    return () -> {
      made.incrementAndGet();
      return new Detector() {
        @Override
        public List<Reading> take(Event event, Surroundings around) {
          return event instanceof WorkerEvent.Sampled said ? told(said, around) : List.of();
        }

        @Override
        public void close() {
          closed.incrementAndGet();
        }
      };
    };
  }

  private List<Reading> told(WorkerEvent.Sampled said, Surroundings around) {
    starved = around.starved();
    if (said.reading().threads() == FAIL) {
      throw new IllegalStateException("told to fail");
    }
    Presence presence = ALL.get(said.reading().threads());
    return List.of(new Reading(said.subject(), presence, "told " + presence));
  }

  static WorkerEvent.Sampled say(String instance, Presence presence) {
    return fact(instance, ALL.indexOf(presence));
  }

  static WorkerEvent.Sampled fail() {
    return fact("any", FAIL);
  }

  private static WorkerEvent.Sampled fact(String instance, int number) {
    return new WorkerEvent.Sampled(
        "images", instance, Seat.process(1), new ProcessSample(0, 0, 0, number, 0, 0, 'S'));
  }
}
