package io.selfheal.library;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.BackgroundJobRequest;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;

/**
 * A process that works with the real JobRunr, and names itself {@code host:pid}. Arguments: {@code
 * first} (enqueues a job, and works) or {@code work}. The job works at a {@link WorkPlace}.
 */
public final class JobRunrWorker {
  /** The library takes no shorter one with a database. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private JobRunrWorker() {}

  /** The program. */
  public static void main(String[] arguments) throws InterruptedException {
    JobRunr.configure()
        .useStorageProvider(SqlStorageProviderFactory.using(WorkPlace.database()))
        .useBackgroundJobServer(
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andName(WorkPlace.me())
                .andPollInterval(SHORTEST)
                .andWorkerCount(1))
        .initialize();
    if (arguments[0].equals("first")) {
      BackgroundJobRequest.enqueue(new Report("report"));
    }
    new CountDownLatch(1).await();
  }

  /** The job. */
  public record Report(String name) implements JobRequest {
    @Override
    public Class<ReportHandler> getJobRequestHandler() {
      return ReportHandler.class;
    }
  }

  /** What is done. The library makes one for each execution. */
  public static final class ReportHandler implements JobRequestHandler<Report> {
    @Override
    public void run(Report report) {
      WorkPlace.hold(report.name(), 0);
    }
  }
}
