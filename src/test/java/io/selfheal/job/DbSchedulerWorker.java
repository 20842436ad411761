package io.selfheal.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.selfheal.store.PostgresUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process that works with the real db-scheduler. Arguments: {@code hang} (schedules, and works
 * only when the table {@code go} has a row) or {@code work}; how often it looks for due executions
 * in milliseconds; the tasks that it knows. It names itself {@code here:pid}.
 */
final class DbSchedulerWorker {
  private static final Duration HEARTBEAT = Duration.ofMillis(250);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private DbSchedulerWorker() {}

  /** Starts such a process; what it logs goes to a file. */
  static Process start(PostgresUrl url, Path log, String... arguments) throws IOException {
    return JvmWorker.start(DbSchedulerWorker.class, url, log, arguments);
  }

  /** The program. */
  public static void main(String[] arguments) throws InterruptedException {
    boolean hang = arguments[0].equals("hang");
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(System.getenv("WORKER_URL"));
    database.setUser(System.getenv("WORKER_USER"));
    database.setPassword(System.getenv("WORKER_PASSWORD"));
    List<Task<?>> tasks = new ArrayList<>();
    for (String name : List.of(arguments).subList(2, arguments.length)) {
      tasks.add(task(database, name, hang));
    }
    Scheduler scheduler =
        Scheduler.create(database, tasks)
            .schedulerName(new SchedulerName.Fixed("here:" + ProcessHandle.current().pid()))
            .threads(2)
            .pollingInterval(Duration.ofMillis(Long.parseLong(arguments[1])))
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(4)
            .enablePriority()
            .build();
    if (hang) {
      for (Task<?> task : tasks) {
        scheduler.schedule(task.instance("1"), Instant.now());
      }
    }
    scheduler.start();
    new CountDownLatch(1).await();
  }

  private static Task<?> task(DataSource database, String name, boolean hang) {
    return Tasks.oneTime(name)
        .execute(
            (instance, context) -> {
              if (hang) {
                hang(database, name);
              }
              finish(database, name, context.getExecution().consecutiveFailures);
            });
  }

  /** Says that it has begun, and waits until a row says to go on. */
  private static void hang(DataSource database, String name) {
    insert(database, "INSERT INTO begun VALUES (?, ?)", name, 0);
    while (!told(database)) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static boolean told(DataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1 FROM go")) {
      return rows.next();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void finish(DataSource database, String name, int failures) {
    insert(database, "INSERT INTO finished VALUES (?, ?)", name, failures);
  }

  private static void insert(DataSource database, String sql, String name, int failures) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, name);
      insert.setInt(2, failures);
      insert.executeUpdate();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
