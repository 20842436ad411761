package io.selfheal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** {@code kill -9} of a worker in the middle of a job. */
final class WorkerKilled implements Fault {
  @Override
  public String name() {
    return "worker killed in the middle of a job";
  }

  @Override
  public FaultReport run(DemoHouse house) throws IOException, InterruptedException {
    PgDemoJobs.Running job = house.aJobInProgress();
    String subject = house.subject(job.pid());
    Instant struck = Instant.now();
    DemoHouse.signal("KILL", job.pid());
    house
        .narrator()
        .breaks("kill -9 " + job.pid() + ": " + subject + " dies while it holds job " + job.id());

    Optional<JsonNode> opened = house.opened(struck, subject);
    opened.ifPresent(event -> house.narrator().sees(event.path("data").path("summary").asText()));
    Optional<JsonNode> rescued = house.rescued(struck, job.id());
    rescued.ifPresent(
        event ->
            house
                .narrator()
                .heals(
                    "job "
                        + job.id()
                        + " requeued after "
                        + Narrator.text(Duration.between(struck, DemoFeed.time(event)))
                        + ": "
                        + event.path("data").path("reason").asText()));
    Optional<JsonNode> closed = house.closed(struck, subject);
    return Ending.of(name(), struck, opened, closed, rescued.isPresent(), house.narrator());
  }
}
