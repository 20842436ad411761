package io.selfheal.journal;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.SaveIncident;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;

/** Says how long a save takes until its reply, one after the other, while events flow. */
final class SaveCost {
  private SaveCost() {}

  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    Bus bus = new Bus(vertx);
    Time time = new Time(InstantSource.system(), System::nanoTime);
    House.await(
        vertx.deployVerticle(
            new Journal(
                JournalConfig.DEFAULT,
                Path.of(arguments[0]),
                "cost",
                new AwayArchive(),
                bus,
                time)));
    vertx.setPeriodic(10, tick -> bus.publish(House.fact("f")));
    long[] nanos = new long[1_000];
    for (int i = -200; i < nanos.length; i++) {
      Incident incident = House.incident("i-" + (i & 15), Incident.State.HEALING);
      long mark = time.mark();
      House.await(bus.ask(JournalRequests.SAVE_INCIDENT, new SaveIncident(incident)));
      if (i >= 0) {
        nanos[i] = time.since(mark).toNanos();
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "save: p50 %.2f ms, p99 %.2f ms, worst %.2f ms (n = %d, 100 events/s)%n",
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        nanos[nanos.length - 1] / 1e6,
        nanos.length);
    House.await(vertx.close());
  }
}
