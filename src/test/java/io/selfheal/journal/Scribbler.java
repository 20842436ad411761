package io.selfheal.journal;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.SaveIncident;
import io.selfheal.message.Topics;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;

/** A process that writes a journal without end, and says what it has seen; it is to be killed. */
final class Scribbler {
  private Scribbler() {}

  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    Bus bus = new Bus(vertx);
    PrintStream out = System.out;
    Time time = new Time(InstantSource.system(), System::nanoTime);
    bus.on(Topics.RECORDED, event -> out.println("event " + event.epoch() + " " + event.offset()));
    Journal journal =
        new Journal(
            JournalConfig.DEFAULT,
            Path.of(arguments[0]),
            "scribbler",
            new AwayArchive(),
            bus,
            time);
    vertx
        .deployVerticle(journal)
        .onSuccess(
            deployed -> {
              vertx.setPeriodic(
                  1,
                  tick -> {
                    for (int i = 0; i < 5; i++) {
                      bus.publish(House.fact("f" + i));
                    }
                  });
              vertx.setPeriodic(200, tick -> journal.owner().runOnContext(go -> journal.reclaim()));
              save(bus, out);
              save(bus, out);
            });
  }

  private static void save(Bus bus, PrintStream out) {
    String id = UUID.randomUUID().toString();
    bus.ask(
            JournalRequests.SAVE_INCIDENT,
            new SaveIncident(House.incident(id, Incident.State.HEALING)))
        .onSuccess(
            saved -> {
              out.println("saved " + id);
              save(bus, out);
            });
  }
}
