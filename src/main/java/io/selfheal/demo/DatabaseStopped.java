package io.selfheal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** PostgreSQL stopped for 10 s, and started again. */
final class DatabaseStopped implements Fault {
  private static final Duration AWAY = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "PostgreSQL stopped for 10 s";
  }

  @Override
  public FaultReport run(DemoHouse house) throws IOException, InterruptedException {
    long before = house.jobs().completed();
    house.producingMayFail(true);
    Instant struck = Instant.now();
    house.postgres().stop();
    house.narrator().breaks("PostgreSQL is stopped; it stays away for 10 s");
    Optional<JsonNode> noticed =
        house.feed().await(struck, AWAY, DemoFeed.event("breaker.opened", "service/database"));
    noticed.ifPresent(
        event ->
            house
                .narrator()
                .sees(
                    "the agent knows, goes on watching processes, and spools its events: "
                        + event.path("data").path("cause").asText()));
    Thread.sleep(Duration.between(Instant.now(), struck.plus(AWAY)));
    house.postgres().start();
    Instant back = Instant.now();
    house.producingMayFail(false);
    house.narrator().sees("PostgreSQL runs again");
    Optional<JsonNode> closed =
        house.feed().await(back, DemoHouse.LIMIT, DemoFeed.event("journal.recovered", "journal"));
    closed.ifPresent(
        event ->
            house
                .narrator()
                .heals(
                    event.path("data").path("replayed_events").asText()
                        + " spooled events replayed into PostgreSQL"));
    boolean works = jobsGoOn(house, before);
    boolean good = noticed.isPresent() && closed.isPresent() && works;
    String outcome =
        good
            ? "no job touched, nothing lost; workers and agent went on "
                + Narrator.text(Duration.between(back, DemoFeed.time(closed.get())))
                + " after it was back"
            : "noticed=%s caught_up=%s jobs_go_on=%s"
                .formatted(noticed.isPresent(), closed.isPresent(), works);
    return new FaultReport(
        name(),
        noticed.map(event -> Duration.between(struck, DemoFeed.time(event))).orElse(null),
        closed.map(event -> Duration.between(struck, DemoFeed.time(event))).orElse(null),
        good,
        outcome);
  }

  private static boolean jobsGoOn(DemoHouse house, long before)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + DemoHouse.LIMIT.toNanos();
    while (System.nanoTime() < end) {
      if (house.jobs().completed() > before + 3) {
        return true;
      }
      Thread.sleep(Duration.ofMillis(100));
    }
    return false;
  }
}
