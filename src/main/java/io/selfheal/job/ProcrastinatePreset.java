package io.selfheal.job;

import io.selfheal.config.Section;
import io.selfheal.message.JobEvent.Effect;
import java.util.ArrayList;
import java.util.List;

/**
 * Procrastinate 3. Key: {@code schema} (public).
 *
 * <p>Running means: {@code status = 'doing'}. The age is since the last {@code started} in {@code
 * procrastinate_events}. From 3.1 on a row has the id of its worker, whose {@code last_heartbeat}
 * is the sign of life. It names no process, so death is proven only with {@code holder.only}, of
 * the processes of {@code holder.worker} together; otherwise age is all there is. A worker that
 * stopped, or was pruned because its heartbeat was late, leaves no id and no sign.
 *
 * <p>The library never rescues by itself. A rescue does what its documentation has an application
 * do with stalled jobs, {@code retry_job}: {@code todo}, due now, one attempt more; a job that
 * somebody asked to abort becomes {@code failed} instead. The library's triggers write the events.
 * While another job with the same queueing lock waits, the library's unique index lets no second
 * one wait, and the job is left; of several that are stuck with the same queueing lock one is
 * queued again.
 *
 * <p>Weaknesses: nothing limits attempts here, that is for the retry strategy of a task when it
 * fails. A worker completes a job by its id, even one that waits again, so a late one could
 * complete the next attempt; only proof of death acts, unless {@code act_on_unknown} is set. A job
 * with the same queueing lock that is enqueued in the very moment of a rescue undoes its batch; the
 * next sweep does it again.
 */
final class ProcrastinatePreset implements Preset {
  @Override
  public String name() {
    return "procrastinate";
  }

  @Override
  public Layout read(Section source) {
    return new Tables(Schemas.read(source, "public"));
  }

  /** The library's tables; their names are fixed. */
  record Tables(String schema) implements Layout {
    @Override
    public TableName table() {
      return named("jobs");
    }

    @Override
    public List<TableName> others() {
      return List.of(events(), workers());
    }

    TableName events() {
      return named("events");
    }

    TableName workers() {
      return named("workers");
    }

    private TableName named(String what) {
      return new TableName(schema, "procrastinate_" + what);
    }

    /** Before 3.1 there is no table of workers. */
    static boolean knowsWorkers(Catalog catalog) {
      return catalog.columns().containsKey("worker_id");
    }

    @Override
    public List<String> key() {
      return List.of("id");
    }

    /** The id of a worker says nothing of a process. */
    @Override
    public boolean hasHolder() {
      return false;
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
    public boolean timesByDatabase() {
      return true;
    }

    @Override
    public boolean fenced() {
      return false;
    }

    @Override
    public String afterwards(Effect effect, String id) {
      return "it is then failed in %s; retry %s in procrastinate shell brings it back"
          .formatted(table(), id);
    }

    /** All running jobs are read: since when they run is in another table, so age saves nothing. */
    @Override
    public Probed probe(Catalog catalog, Reach reach) {
      return Fitness.of(table(), catalog, needs(catalog))
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(() -> new Probed.Fit(new ProcrastinateSql(this, catalog).statements()));
    }

    /** The triggers write events with the rights of the role. */
    private List<Need> needs(Catalog catalog) {
      List<Need> needs = new ArrayList<>();
      Need jobs =
          Need.table(table())
              .reads(Kind.WHOLE, "id", "attempts")
              .states(Kind.STATE, "status", "todo", "doing", "failed")
              .reads(Kind.ZONED, "scheduled_at")
              .reads(Kind.TEXT, "queueing_lock")
              .reads(Kind.FLAG, "abort_requested")
              .writes("status", "attempts", "scheduled_at");
      needs.add(knowsWorkers(catalog) ? jobs.reads(Kind.WHOLE, "worker_id") : jobs);
      needs.add(
          Need.table(events())
              .reads(Kind.WHOLE, "job_id")
              .states(Kind.STATE, "type", "started", "deferred_for_retry", "failed", "scheduled")
              .reads(Kind.ZONED, "at")
              .inserts());
      if (knowsWorkers(catalog)) {
        needs.add(
            Need.table(workers()).reads(Kind.WHOLE, "id").reads(Kind.ZONED, "last_heartbeat"));
      }
      return needs;
    }
  }
}
