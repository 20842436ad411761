package io.selfheal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The agent itself killed in the middle of healing, and started again. */
final class AgentKilled implements Fault {
  @Override
  public String name() {
    return "agent killed in the middle of healing";
  }

  @Override
  public FaultReport run(DemoHouse house) throws IOException, InterruptedException {
    PgDemoJobs.Running job = house.aJobInProgress();
    String subject = house.subject(job.pid());
    Instant struck = Instant.now();
    DemoHouse.signal("KILL", job.pid());
    house.narrator().breaks("kill -9 " + job.pid() + ": " + subject + " dies");
    Optional<JsonNode> opened =
        house
            .feed()
            .await(struck, DemoHouse.LIMIT, DemoFeed.event("incident.remedy_started", subject));
    long agent = house.agent().pid();
    house.agent().kill();
    house
        .narrator()
        .breaks("kill -9 " + agent + ": the agent dies as soon as its first remedy has begun");
    house.startAgent();
    house
        .narrator()
        .sees("the agent runs again as pid " + house.agent().pid() + " and finds its workers");

    Optional<JsonNode> closed = house.closed(struck, subject);
    boolean moved = !house.jobs().running(job.id()).equals(Optional.of(job));
    FaultReport report = Ending.of(name(), struck, opened, closed, moved, house.narrator());
    Optional<JsonNode> first =
        house.feed().await(struck, Duration.ZERO, DemoFeed.event("incident.opened", subject));
    return new FaultReport(
        report.fault(),
        first.map(event -> Duration.between(struck, DemoFeed.time(event))).orElse(null),
        report.healedAfter(),
        report.good(),
        report.outcome());
  }
}
