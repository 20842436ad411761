package io.selfheal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** SIGSTOP: frozen is not dead, so its job may move only after the process is gone. */
final class WorkerFrozen implements Fault {
  @Override
  public String name() {
    return "worker frozen";
  }

  @Override
  public FaultReport run(DemoHouse house) throws IOException, InterruptedException {
    PgDemoJobs.Running job = house.aJobInProgress();
    String subject = house.subject(job.pid());
    Instant struck = Instant.now();
    DemoHouse.signal("STOP", job.pid());
    house
        .narrator()
        .breaks(
            "kill -STOP " + job.pid() + ": " + subject + " freezes while it holds job " + job.id());

    boolean early = movedWhileItLived(house, job);
    if (early) {
      house.narrator().breaks("job " + job.id() + " was moved while its frozen worker lived");
    } else {
      house
          .narrator()
          .heals("job " + job.id() + " stayed put until pid " + job.pid() + " was gone");
    }
    Optional<JsonNode> opened = house.opened(struck, subject);
    Optional<JsonNode> rescued = house.rescued(struck, job.id());
    Optional<JsonNode> closed = house.closed(struck, subject);
    return Ending.of(
        name(), struck, opened, closed, rescued.isPresent() && !early, house.narrator());
  }

  /**
   * Looks at the row first and at the process second: when the row has moved and the process is
   * still there, then the row moved while the process lived.
   */
  private static boolean movedWhileItLived(DemoHouse house, PgDemoJobs.Running job)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + DemoHouse.LIMIT.toNanos();
    while (System.nanoTime() < end) {
      boolean moved = !house.jobs().running(job.id()).equals(Optional.of(job));
      if (!lives(job.pid())) {
        return false;
      }
      if (moved) {
        return true;
      }
      Thread.sleep(Duration.ofMillis(10));
    }
    return false;
  }

  /** A zombie waits for its parent and lives no more. */
  private static boolean lives(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException gone) {
      return false;
    }
  }
}
