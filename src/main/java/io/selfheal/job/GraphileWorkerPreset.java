package io.selfheal.job;

import io.selfheal.config.Section;
import io.selfheal.message.JobEvent.Effect;
import java.util.List;

/**
 * graphile-worker 0.16 and later. Key: {@code schema} (graphile_worker).
 *
 * <p>Running means: {@code locked_at} is set. The holder is {@code locked_by}. Since 0.17 that is a
 * name that each pool of workers makes up at random, and no option sets it: it proves nothing, so
 * set {@code holder.worker} and {@code holder.only}, by which the processes of that worker prove it
 * together. Before, it is the name of one worker, at random unless {@code workerId} is set. The age
 * is since {@code locked_at}, by the database's clock unless the application sets {@code
 * useNodeTime}; jobs have no heartbeat. Attempts are counted when a job is taken.
 *
 * <p>A rescue does what the library does by itself after four hours: the job and, if the same
 * worker locked it, its queue are unlocked, and the job is due now or at its later time. One
 * without attempts left keeps its last error. Poison that has some is unlocked and marked as {@code
 * permanently_fail_jobs} does.
 *
 * <p>Weakness: a worker completes a job by its id alone, so a late one could complete the next
 * attempt; only proof of death acts, unless {@code act_on_unknown} is set. The library's tables
 * have row security, which hides all rows from everyone but their owner.
 */
final class GraphileWorkerPreset implements Preset {
  @Override
  public String name() {
    return "graphile-worker";
  }

  @Override
  public Layout read(Section source) {
    return new Tables(Schemas.read(source, "graphile_worker"));
  }

  /** The library's tables; their names are fixed. */
  record Tables(String schema) implements Layout {
    @Override
    public TableName table() {
      return new TableName(schema, "_private_jobs");
    }

    @Override
    public List<TableName> others() {
      return List.of(queues());
    }

    TableName queues() {
      return new TableName(schema, "_private_job_queues");
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
    public String holderAdvice() {
      return "let each process run with a workerId of host:pid, or set holder.worker, holder.only and"
          + " holder.format \"*\"";
    }

    @Override
    public boolean hasHeartbeat() {
      return false;
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
      return "it then stays in %s with all attempts used; SELECT %s.reschedule_jobs(ARRAY[%s],"
              .formatted(table(), Sql.name(schema), id)
          + " attempts => 0) brings it back";
    }

    @Override
    public Probed probe(Catalog catalog, Reach reach) {
      return Fitness.of(table(), catalog, needs())
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(
              () -> new Probed.Fit(new GraphileWorkerSql(this, catalog, reach).statements()));
    }

    private List<Need> needs() {
      return List.of(
          Need.table(table())
              .reads(Kind.WHOLE, "id", "job_queue_id", "attempts", "max_attempts")
              .reads(Kind.ZONED, "run_at", "updated_at", "locked_at")
              .reads(Kind.TEXT, "last_error", "locked_by")
              .writes("run_at", "attempts", "last_error", "updated_at", "locked_at", "locked_by"),
          Need.table(queues())
              .reads(Kind.WHOLE, "id")
              .reads(Kind.ZONED, "locked_at")
              .reads(Kind.TEXT, "locked_by")
              .writes("locked_at", "locked_by"));
    }
  }
}
