package io.selfheal.library;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/**
 * A process that works with the real Quartz. Arguments: whether it is clustered; {@code first}
 * (schedules a job with a trigger of this name, and works), {@code work} (only works) or {@code
 * second} (only adds a second trigger to the job, with the insert outside the library's lock). The
 * job works at a {@link WorkPlace}.
 */
public final class QuartzWorker {
  private QuartzWorker() {}

  /** The program. */
  public static void main(String[] arguments) throws SchedulerException, InterruptedException {
    boolean clustered = Boolean.parseBoolean(arguments[0]);
    DBConnectionManager.getInstance().addConnectionProvider("jobs", new Connections());
    Scheduler scheduler = new StdSchedulerFactory(properties(clustered)).getScheduler();
    JobDetail job =
        JobBuilder.newJob(Report.class)
            .withIdentity("report", "nightly")
            .storeDurably()
            .requestRecovery()
            .build();
    Trigger trigger = TriggerBuilder.newTrigger().withIdentity(arguments[1]).forJob(job).build();
    switch (arguments[1]) {
      case "first" -> scheduler.scheduleJob(job, trigger);
      case "second" -> scheduler.scheduleJob(trigger);
      default -> {}
    }
    if (arguments[1].equals("second")) {
      scheduler.shutdown();
      return;
    }
    scheduler.start();
    new CountDownLatch(1).await();
  }

  /** A scheduler that is not clustered recovers only what carries its own name. */
  private static Properties properties(boolean clustered) {
    Properties properties = new Properties();
    String name = clustered ? WorkPlace.me() : "reports";
    properties.setProperty("org.quartz.scheduler.instanceName", "Reports");
    properties.setProperty("org.quartz.scheduler.instanceId", name);
    properties.setProperty("org.quartz.scheduler.idleWaitTime", "1000");
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty("org.quartz.threadPool.threadCount", "2");
    properties.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    properties.setProperty(
        "org.quartz.jobStore.driverDelegateClass",
        "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
    properties.setProperty("org.quartz.jobStore.dataSource", "jobs");
    properties.setProperty("org.quartz.jobStore.isClustered", String.valueOf(clustered));
    properties.setProperty("org.quartz.jobStore.clusterCheckinInterval", "1000");
    properties.setProperty("org.quartz.jobStore.lockOnInsert", "false");
    return properties;
  }

  /** Never at once with itself. The library makes one for each execution. */
  @DisallowConcurrentExecution
  public static final class Report implements Job {
    @Override
    public void execute(JobExecutionContext context) {
      boolean again = context.isRecovering();
      TriggerKey trigger =
          again ? context.getRecoveringTriggerKey() : context.getTrigger().getKey();
      WorkPlace.hold(trigger.getName(), again ? 1 : 0);
    }
  }

  /** A new connection each time. */
  private static final class Connections implements ConnectionProvider {
    @Override
    public Connection getConnection() throws SQLException {
      return WorkPlace.database().getConnection();
    }

    @Override
    public void shutdown() {}

    @Override
    public void initialize() {}
  }
}
