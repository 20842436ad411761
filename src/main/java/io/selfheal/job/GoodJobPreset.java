package io.selfheal.job;

import io.selfheal.config.Section;
import io.selfheal.message.JobEvent.Effect;
import java.util.List;

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
 * <p>Weaknesses: nothing limits attempts, so a job that kills its process is queued again each
 * time, unless the application uses the library's {@code InterruptErrors}. A worker completes a job
 * by its id, so a late one could complete the next attempt; only proof of death acts, unless {@code
 * act_on_unknown} is set. Advisory locks are recognised as the library makes them by default, with
 * md5; with another {@code hash_function} they are not seen.
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
      return List.of(processes());
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
      return "GoodJob itself takes it for interrupted and runs it again, some minutes after its"
          + " process was last heard of; discard it on GoodJob's dashboard to prevent that";
    }

    @Override
    public Probed probe(Catalog catalog, Reach reach) {
      return Fitness.of(table(), catalog, needs())
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(
              () -> new Probed.Fit(new GoodJobSql(this, catalog, reach).statements().unsure()));
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
  }
}
