package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.library.JobRunrWorker;
import io.selfheal.library.JvmWorker;
import io.selfheal.library.QuartzWorker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * JobRunr and Quartz, whose jobs nobody but the library itself can recover: the agent proves the
 * death, touches nothing and says what a person can do; then another of the library's processes
 * comes. It waits out the library's own times, so this goes on beside the other cases from the
 * beginning.
 */
final class UntouchedCase implements AutoCloseable {
  /** JobRunr waits for four of its intervals of 5 s, and then before it tries again. */
  private static final Duration RECOVERY = Duration.ofMinutes(3);

  private static final String FIRED =
      "SELECT jsonb_build_array(sched_name, trigger_group, trigger_name, entry_id)::text"
          + " FROM qrtz_fired_triggers";

  private final LibraryPremises here;
  private final FutureTask<?> ofJobRunr = new FutureTask<>(this::playJobRunr);
  private final FutureTask<?> ofQuartz = new FutureTask<>(this::playQuartz);

  /** Begins. */
  UntouchedCase(LibraryPremises here) {
    this.here = here;
    Thread.startVirtualThread(ofJobRunr);
    Thread.startVirtualThread(ofQuartz);
  }

  /** Waits for the end; throws what went wrong. */
  void jobRunr() throws Exception {
    ofJobRunr.get();
  }

  /** The same. */
  void quartz() throws Exception {
    ofQuartz.get();
  }

  private Void playJobRunr() throws Exception {
    Process first = here.startBeside(JvmWorker.command(JobRunrWorker.class, "first"));
    here.awaitBegun("report", 0);
    String id = here.text("SELECT id FROM jobrunr_jobs");
    isLeft(
        first,
        "jobrunr_jobs",
        "jobrunr",
        id,
        "JobRunr reads its jobs from jobAsJson",
        "wait, if a server lives: its master fails the job as orphaned and retries it");
    here.go("report");
    Process second = here.startBeside(JvmWorker.command(JobRunrWorker.class, "work"));
    here.await("it recovers", RECOVERY, "SELECT state FROM jobrunr_jobs", "SUCCEEDED");
    endedOnce("report", second);
    return null;
  }

  private Void playQuartz() throws Exception {
    Process first = here.startBeside(JvmWorker.command(QuartzWorker.class, "true", "first"));
    here.awaitBegun("first", 0);
    String id = here.text(FIRED);
    isLeft(
        first,
        "qrtz_fired_triggers",
        "quartz",
        id,
        "Quartz recovers it itself",
        "start an instance of its scheduler");
    here.go("first");
    Process second = here.startBeside(JvmWorker.command(QuartzWorker.class, "true", "work"));
    here.await("it recovers", RECOVERY, "SELECT name FROM ended WHERE name = 'first'", "first");
    here.await("and nothing is left of it", FIRED);
    endedOnce("first", second);
    return null;
  }

  /** The process is killed; its job is left, with the reasons, and no row of the table touched. */
  private void isLeft(
      Process killed, String table, String source, String job, String why, String remedy)
      throws Exception {
    LibraryPremises.kill(killed.pid());
    killed.waitFor();
    List<String> before = here.texts(rows(table));
    here.told.leaves(source, job, "no process " + killed.pid(), why, remedy);
    assertEquals(before, here.texts(rows(table)));
  }

  /** Changes when any row does, even one that is written as it was. */
  private static String rows(String table) {
    return "SELECT md5(t::text || t.xmin || t.ctid) FROM " + table + " AS t ORDER BY 1";
  }

  /** The killed process began it, the other one began it again, and ended it. */
  private void endedOnce(String name, Process by) throws Exception {
    String of = " WHERE name = '" + name + "'";
    assertEquals(List.of("2"), here.texts("SELECT count(*) FROM begun" + of));
    assertEquals(List.of(String.valueOf(by.pid())), here.texts("SELECT pid FROM ended" + of));
    by.destroy();
    by.waitFor();
  }

  @Override
  public void close() {
    ofJobRunr.cancel(true);
    ofQuartz.cancel(true);
  }
}
