package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanesTest {
  private final Lanes lanes = new Lanes(2);
  private final List<String> begun = new ArrayList<>();

  private Future<String> work(String name, Promise<String> end) {
    begun.add(name);
    return end.future();
  }

  @Test
  void twoWorkAndTheThirdWaitsForOneOfThem() {
    Promise<String> one = Promise.promise();
    Promise<String> two = Promise.promise();
    lanes.one(() -> work("a", one));
    lanes.one(() -> work("b", two));
    Future<String> third = lanes.one(() -> work("c", one));
    assertEquals(List.of("a", "b"), begun);
    two.complete("done");
    assertEquals(List.of("a", "b", "c"), begun);
    one.complete("done, too");
    assertEquals("done, too", third.result());
  }

  @Test
  void whoWantsToBeAloneWaitsForAllBeforeAndIsWaitedForByAllAfter() {
    Promise<String> before = Promise.promise();
    Promise<String> alone = Promise.promise();
    lanes.one(() -> work("before", before));
    lanes.alone(() -> work("alone", alone));
    lanes.one(() -> work("after", before));
    assertEquals(List.of("before"), begun);
    before.complete("done");
    assertEquals(List.of("before", "alone"), begun);
    alone.complete("done");
    assertEquals(List.of("before", "alone", "after"), begun);
  }

  @Test
  void aFailureFreesItsLane() {
    Promise<String> one = Promise.promise();
    Future<String> failing = lanes.alone(() -> work("a", one));
    Future<String> throwing =
        lanes.alone(
            () -> {
              throw new IllegalStateException("at once");
            });
    Future<String> last = lanes.alone(() -> Future.succeededFuture("last"));
    one.fail("later");
    assertTrue(failing.failed());
    assertTrue(throwing.failed());
    assertEquals("last", last.result());
  }
}
