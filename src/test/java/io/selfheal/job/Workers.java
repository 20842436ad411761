package io.selfheal.job;

import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What tests with real worker processes share. */
final class Workers {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Workers() {}

  /** Waits for a condition, as long as a worker lives. */
  static void await(Process worker, Path log, BooleanSupplier condition) throws IOException {
    await(worker.toHandle(), log, condition);
  }

  /** The same with a handle. */
  static void await(ProcessHandle worker, Path log, BooleanSupplier condition) throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || !worker.isAlive()) {
        throw new AssertionError("it does not come\n" + Files.readString(log));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** All holders are this process. */
  static void judge(Rig rig, Process worker) {
    Verdict dead = Verdict.of(Ruling.DEAD, "no process " + worker.pid() + " on this host");
    Verdict alive = Verdict.of(Ruling.ALIVE, "pid " + worker.pid() + " is alive");
    rig.judge =
        question ->
            Future.succeededFuture(
                new Verdicts(
                    question.holders().stream()
                        .map(holder -> worker.isAlive() ? alive : dead)
                        .toList()));
  }

  static int count(Rig rig, String from) {
    return Integer.parseInt(rig.value("SELECT count(*) FROM " + from));
  }

  /** Changes when anything in tables of that name does, even a row that is written as it was. */
  static List<String> fingerprints(Rig rig, String like) {
    return rig
        .column("SELECT tablename FROM pg_tables WHERE tablename LIKE '" + like + "'")
        .stream()
        .sorted()
        .map(
            table ->
                rig.value(
                    "SELECT '%1$s ' || count(*) || ' ' || coalesce(md5(string_agg(t::text || t.xmin"
                            .formatted(table)
                        + " || t.ctid, ',' ORDER BY t.ctid)), '') FROM "
                        + table
                        + " AS t"))
        .toList();
  }
}
