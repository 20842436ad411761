package io.selfheal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
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
    house.feed().await(struck, DemoHouse.LIMIT, DemoFeed.event("incident.remedy_started", subject));
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
    Optional<JsonNode> opened = house.opened(struck, subject);
    return Ending.of(name(), struck, opened, closed, moved, house.narrator());
  }
}
