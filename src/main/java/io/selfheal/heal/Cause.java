package io.selfheal.heal;

import io.selfheal.json.Json;
import io.selfheal.message.Event;
import io.selfheal.message.JobEvent;
import io.selfheal.message.Owner;
import io.selfheal.message.Subject;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the event that opened an incident says. */
final class Cause {
  private Cause() {}

  /** The event as it is kept with the incident. */
  static String write(Event cause) {
    return Json.text(cause);
  }

  /**
   * The event that opened a stored incident.
   *
   * @throws IOException when it is of a kind that this version does not know
   */
  static Event read(String symptom, String cause) throws IOException {
    Class<? extends Event> type =
        switch (symptom) {
          case "worker.lost" -> WorkerEvent.Lost.class;
          case "worker.unresponsive" -> WorkerEvent.Unresponsive.class;
          case "job.stuck" -> JobEvent.Stuck.class;
          default -> SymptomEvent.Seen.class;
        };
    return Json.read(cause.getBytes(StandardCharsets.UTF_8), type);
  }

  static @Nullable String workerOrNull(Event cause) {
    return cause instanceof WorkerEvent event ? event.worker() : null;
  }

  static String worker(Event cause) {
    return ((WorkerEvent) cause).worker();
  }

  static @Nullable String sourceOrNull(Event cause) {
    return cause instanceof JobEvent event ? event.source() : null;
  }

  /** Whether a process of the slot can be started, by this agent or by systemd. */
  static boolean startable(Event cause) {
    return owner(cause) != Owner.OTHER;
  }

  /**
   * What restarts are counted for: the slot, or the whole worker where each process of a unit gets
   * a new name.
   */
  static String slot(Event cause) {
    return owner(cause) == Owner.SYSTEMD ? Subject.worker(worker(cause)) : cause.subject();
  }

  /** What an operator calls the slot: a unit has one process, and each gets a new name. */
  static String name(WorkerEvent cause) {
    return owner(cause) == Owner.SYSTEMD ? cause.worker() : cause.instance();
  }

  static Owner owner(Event cause) {
    return switch (cause) {
      case WorkerEvent.Lost lost -> lost.owner();
      case WorkerEvent.Unresponsive unwell -> unwell.owner();
      default -> Owner.OTHER;
    };
  }
}
