package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.Granted;
import java.lang.ref.WeakReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ten thousand services may be configured of which few are called. */
class IdleMemoryTest {
  private static final int SERVICES = 10_000;
  private static final long MOST_BYTES = 2_048;

  private static Guard guard(int services) {
    String[] lines =
        IntStream.range(0, services)
            .boxed()
            .flatMap(
                number ->
                    Stream.of(
                        "name: service-" + number,
                        "breaker: {consecutive: 7}",
                        "limits: {rate: 60/min, tokens: 90000/min, concurrent: 8}",
                        "budget: {amount: 10.00}"))
            .toArray(String[]::new);
    return new Guard(
        Rig.config(lines),
        Allowances.WHOLE,
        7,
        () -> 0.5,
        event -> {},
        name -> Place.NOWHERE,
        new Moment(0, 0));
  }

  /** What is reachable: after a collection that has taken what is not. */
  private static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 2; i++) {
      WeakReference<Object> gone = new WeakReference<>(new Object());
      while (gone.get() != null) {
        System.gc();
      }
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void anIdleServiceTakesLessThanTwoKilobytes() {
    // Loads the classes, whose own memory is not that of a service.
    assertEquals(10, guard(10).all().size());
    long before = used();
    Guard guard = guard(SERVICES);
    guard.tick(new Moment(1, 1));
    long each = (used() - before) / SERVICES;
    assertTrue(each <= MOST_BYTES, each + " bytes a service");
    assertTrue(
        guard.ask(new AskPermit("service-9999", 0, 0, false, false), new Moment(2, 2))
            instanceof Granted);
  }
}
