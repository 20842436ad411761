package io.selfheal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A job that is slow but alive, far past what it is allowed: it must not be touched. */
final class JobSlow implements Fault {
  private static final int WORK_MILLIS = 14_000;

  @Override
  public String name() {
    return "job slow but alive";
  }

  @Override
  public FaultReport run(DemoHouse house) throws IOException, InterruptedException {
    Instant struck = Instant.now();
    long id = house.jobs().addUrgent(WORK_MILLIS);
    house
        .narrator()
        .breaks("job " + id + " takes 14 s, and stuck_after is 4 s; its worker is well, only slow");
    Optional<JsonNode> left =
        house.feed().await(struck, DemoHouse.LIMIT, DemoFeed.event("job.left", "job/demo/" + id));
    left.ifPresent(
        event ->
            house.narrator().sees("left alone: " + event.path("data").path("reason").asText()));
    boolean done = completes(house, id);
    boolean once = house.jobs().attempts(id) == 1;
    boolean touched =
        house
            .feed()
            .await(struck, Duration.ZERO, DemoFeed.event("job.rescued", "job/demo/" + id))
            .isPresent();
    boolean good = done && once && !touched && left.isPresent();
    String outcome =
        good
            ? "not touched: it completed in its first attempt"
            : "done=%s attempts=%d touched=%s noticed=%s"
                .formatted(done, house.jobs().attempts(id), touched, left.isPresent());
    if (good) {
      house.narrator().heals(outcome);
    } else {
      house.narrator().breaks(outcome);
    }
    return new FaultReport(
        name(),
        left.map(event -> Duration.between(struck, DemoFeed.time(event))).orElse(null),
        null,
        good,
        outcome);
  }

  private static boolean completes(DemoHouse house, long id)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + DemoHouse.LIMIT.toNanos();
    while (System.nanoTime() < end) {
      if (house.jobs().state(id).equals("done")) {
        return true;
      }
      Thread.sleep(Duration.ofMillis(100));
    }
    return false;
  }
}
