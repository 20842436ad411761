package io.selfheal.library;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.selfheal.store.PostgresUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A process that works with the real db-scheduler. Arguments: {@code hold} (schedules its tasks,
 * and ends them only when it is told, see {@link WorkPlace}) or {@code work}; how often it looks
 * for due executions, and how often it gives a heartbeat, in milliseconds; the tasks that it knows.
 * It names itself {@code host:pid}.
 */
public final class DbSchedulerWorker {
  private DbSchedulerWorker() {}

  /** Starts such a process; what it logs goes to a file. */
  public static Process start(PostgresUrl url, Path log, String... arguments) throws IOException {
    return JvmWorker.start(DbSchedulerWorker.class, url, log, arguments);
  }

  /** The program. */
  public static void main(String[] arguments) throws InterruptedException {
    boolean hold = arguments[0].equals("hold");
    List<Task<?>> tasks = new ArrayList<>();
    for (String name : List.of(arguments).subList(3, arguments.length)) {
      tasks.add(task(name, hold));
    }
    Scheduler scheduler =
        Scheduler.create(WorkPlace.database(), tasks)
            .schedulerName(new SchedulerName.Fixed(WorkPlace.me()))
            .threads(2)
            .pollingInterval(Duration.ofMillis(Long.parseLong(arguments[1])))
            .heartbeatInterval(Duration.ofMillis(Long.parseLong(arguments[2])))
            .missedHeartbeatsLimit(4)
            .enablePriority()
            .build();
    if (hold) {
      for (Task<?> task : tasks) {
        scheduler.schedule(task.instance("1"), Instant.now());
      }
    }
    scheduler.start();
    new CountDownLatch(1).await();
  }

  private static Task<?> task(String name, boolean hold) {
    return Tasks.oneTime(name)
        .execute(
            (instance, context) -> {
              int failures = context.getExecution().consecutiveFailures;
              if (hold) {
                WorkPlace.hold(name, failures);
              } else {
                WorkPlace.work(name, failures);
              }
            });
  }
}
