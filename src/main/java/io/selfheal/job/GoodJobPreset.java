package io.selfheal.job;

import io.selfheal.config.Section;
import io.selfheal.message.JobEvent.Effect;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * GoodJob 4. Key: {@code schema} (public).
 *
 * <p>Running means: {@code locked_by_id} is set and {@code finished_at} is not; some lock
 * strategies take a job before they begin it. The holder is the host and pid in the {@code state}
 * of the process that {@code locked_by_id} names; that process's {@code updated_at} and the job's
 * {@code performed_at} are the signs of life. A job whose process row is gone has no holder. The
 * age is since {@code locked_at}, by the clock of the process.
 *
 * <p>While a session of the database holds the advisory lock of a job or of its process, the job is
 * left, whatever else is known: a session works for it still, be it only with a statement that
 * outlived its process, and no other worker could take it. Workers with the lock strategy {@code
 * skiplocked} hold no such lock.
 *
 * <p>A rescue does what the library does when it clears away a process that has not written for
 * five minutes or whose lock is gone: {@code locked_by_id} and {@code locked_at} become null, and
 * nothing else changes. Because {@code performed_at} is kept, the next worker writes the
 * interruption into {@code error} and into the open execution, and counts its own, as after any
 * interruption. The row of the process is left for the library to delete.
 *
 * <p>A job on which workers died too often is discarded, as on the library's dashboard, see {@link
 * GoodJobFailure}; it is kept there until the library deletes such jobs, after 14 days by default.
 * A batch that it belongs to learns of that no more than of a discard on the dashboard: only when
 * another of its jobs ends. Where the role may not write that, such a job stays claimed, and what
 * is missing is said; jobs are queued again all the same.
 *
 * <p>Weaknesses: nothing limits attempts, so nothing but the deaths that agents have seen tells a
 * job that kills its process, unless the application uses the library's {@code InterruptErrors};
 * {@code executions_count} counts retries, too. A worker completes a job by its id, so a late one
 * could complete the next attempt; only proof of death acts, unless {@code act_on_unknown} is set.
 * Advisory locks are recognised as the library makes them by default, with md5; with another {@code
 * hash_function} they are not seen.
 */
final class GoodJobPreset implements Preset {
  @Override
  public String name() {
    return "good-job";
  }

  @Override
  public Layout read(Section source) {
    return new Tables(Schemas.read(source, "public"));
  }

  /** The library's tables; their names are fixed. */
  record Tables(String schema) implements Layout {
    @Override
    public TableName table() {
      return new TableName(schema, "good_jobs");
    }

    @Override
    public List<TableName> others() {
      return List.of(processes(), executions());
    }

    TableName executions() {
      return new TableName(schema, "good_job_executions");
    }

    TableName processes() {
      return new TableName(schema, "good_job_processes");
    }

    @Override
    public List<String> key() {
      return List.of("id");
    }

    @Override
    public boolean hasHolder() {
      return true;
    }

    @Override
    public boolean hasHeartbeat() {
      return true;
    }

    @Override
    public boolean hasOwnRule() {
      return true;
    }

    @Override
    public boolean hasDeadLetters() {
      return false;
    }

    @Override
    public boolean fenced() {
      return false;
    }

    @Override
    public String afterwards(Effect effect, String id) {
      return effect == Effect.LEAVE
          ? "GoodJob itself takes it for interrupted and runs it again, some minutes after its"
              + " process was last heard of; discard it on GoodJob's dashboard to prevent that"
          : "it is then discarded in "
              + table()
              + ", until GoodJob deletes such jobs; Retry on its dashboard or GoodJob::Job.find('"
              + id
              + "').retry_job brings it back";
    }

    @Override
    public Probed probe(Catalog catalog, Reach reach) {
      return Fitness.of(table(), catalog, needs())
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(() -> new Probed.Fit(statements(catalog, reach)));
    }

    private Statements statements(Catalog catalog, Reach reach) {
      GoodJobSql sql = new GoodJobSql(this, catalog, reach);
      return Fitness.of(table(), catalog, needsToFail(catalog))
          .map(lacking -> sql.statements().lacking(lacking))
          .orElseGet(sql::failing)
          .unsure();
    }

    private List<Need> needs() {
      return List.of(
          Need.table(table())
              .reads(Kind.UUID, "id", "locked_by_id")
              .reads(Kind.TIME, "scheduled_at", "performed_at", "finished_at", "locked_at")
              .reads(Kind.WHOLE, "executions_count")
              .reads("error")
              .writes("locked_by_id", "locked_at"),
          Need.table(processes())
              .reads(Kind.UUID, "id")
              .reads(Kind.JSON, "state")
              .reads(Kind.TIME, "updated_at"));
    }

    /** Without these, jobs can be queued again all the same. */
    private List<Need> needsToFail(Catalog catalog) {
      Need jobs =
          also(
              Need.table(table())
                  .reads(Kind.TIME, "finished_at")
                  .reads(Kind.TEXT, "error")
                  .writes("finished_at", "error"),
              catalog,
              Map.of("error_event", Kind.WHOLE, "lock_type", Kind.WHOLE, "updated_at", Kind.TIME));
      Need executions =
          also(
              Need.table(executions())
                  .reads(Kind.UUID, "id", "active_job_id")
                  .reads(Kind.TIME, "created_at", "finished_at")
                  .reads(Kind.TEXT, "error")
                  .writes("finished_at", "error"),
              catalog.other(executions()),
              Map.of("error_event", Kind.WHOLE, "duration", Kind.ANY));
      return List.of(jobs, executions);
    }

    /** Also to write those of the columns that this version has. */
    private static Need also(Need need, Catalog catalog, Map<String, Kind> columns) {
      Need more = need;
      for (Map.Entry<String, Kind> column : new TreeMap<>(columns).entrySet()) {
        if (catalog.columns().containsKey(column.getKey())) {
          more = more.reads(column.getValue(), column.getKey()).writes(column.getKey());
        }
      }
      return more;
    }
  }
}
