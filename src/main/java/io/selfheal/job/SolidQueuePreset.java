package io.selfheal.job;

import io.selfheal.config.Section;
import io.selfheal.message.JobEvent.Effect;
import java.util.List;

/**
 * Solid Queue 1.x. Key: {@code schema} (public), of its own database unless the application keeps
 * its tables in the common one.
 *
 * <p>Running means: there is a row in {@code solid_queue_claimed_executions}. The holder is the
 * host and pid of the process that its {@code process_id} names; that process's {@code
 * last_heartbeat_at} is the sign of life. A claim whose process row is gone has neither.
 *
 * <p>Queued again means what the library does with the claims of a process that stops in good
 * order: a row in {@code solid_queue_ready_executions} with the queue and priority of the job (one
 * that is there already stays), and the claim deleted. The job keeps its place in a concurrency
 * limit. For a process that died, the library of today does something else: its supervisor, or
 * after five minutes another one, <em>fails</em> the job with ProcessExitError or
 * ProcessPrunedError, and a person has to retry it. Who comes first has it.
 *
 * <p>A job on which workers died too often is failed likewise, see {@link SolidQueueFailure}: so
 * since 0.6; that its slot goes on to a blocked job, since 1.1.5. A slot that its semaphore may not
 * count is not given on, other than by the library: it comes back when the semaphore has expired
 * and a dispatcher deletes it, every ten minutes by default; that needs no job of the key to take
 * or give a slot for the duration of the limit. Where the role may not write there, or tables are
 * missing, such a job stays claimed, and what is missing is said; jobs are queued again all the
 * same.
 *
 * <p>Weaknesses: nothing counts attempts, so nothing but the deaths that agents have seen tells a
 * job that kills its process. Before 1.5, a worker that was only thought dead completes the job
 * whether or not it still has the claim, and the tables do not say which version runs; so only
 * proof of death acts, unless {@code act_on_unknown} is set.
 */
final class SolidQueuePreset implements Preset {
  @Override
  public String name() {
    return "solid-queue";
  }

  @Override
  public Layout read(Section source) {
    return new Tables(Schemas.read(source, "public"));
  }

  /** The library's tables; their names are fixed. */
  record Tables(String schema) implements Layout {
    @Override
    public TableName table() {
      return named("claimed_executions");
    }

    @Override
    public List<TableName> others() {
      return List.of(processes(), ready(), jobs(), failed(), semaphores(), blocked());
    }

    TableName processes() {
      return named("processes");
    }

    TableName ready() {
      return named("ready_executions");
    }

    TableName jobs() {
      return named("jobs");
    }

    TableName failed() {
      return named("failed_executions");
    }

    TableName semaphores() {
      return named("semaphores");
    }

    TableName blocked() {
      return named("blocked_executions");
    }

    private TableName named(String what) {
      return new TableName(schema, "solid_queue_" + what);
    }

    @Override
    public List<String> key() {
      return List.of("job_id");
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
      String back = failed() + ", and SolidQueue::Job.find(" + id + ").retry brings it back";
      return effect == Effect.LEAVE
          ? "Solid Queue itself fails it, at once by the supervisor of its process, or some minutes"
              + " after that was last heard of; then it is in "
              + back
          : "it is then in " + back + ", as does Retry in Mission Control";
    }

    @Override
    public Probed probe(Catalog catalog, Reach reach) {
      return Fitness.of(table(), catalog, needs())
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(() -> new Probed.Fit(statements(catalog, reach)));
    }

    private Statements statements(Catalog catalog, Reach reach) {
      SolidQueueSql sql = new SolidQueueSql(this, catalog, reach);
      return Fitness.of(table(), catalog, needsToFail())
          .map(lacking -> sql.statements().lacking(lacking))
          .orElseGet(sql::failing)
          .unsure();
    }

    /** To lock a row takes the right to change some column of it, though none is changed. */
    private List<Need> needs() {
      return List.of(
          Need.table(table())
              .reads(Kind.WHOLE, "id", "job_id", "process_id")
              .reads(Kind.TIME, "created_at")
              .writes("process_id")
              .deletes(),
          Need.table(processes())
              .reads(Kind.WHOLE, "id", "pid")
              .reads(Kind.TEXT, "hostname")
              .reads(Kind.TIME, "last_heartbeat_at"),
          Need.table(ready())
              .reads(Kind.WHOLE, "job_id", "priority")
              .reads(Kind.TEXT, "queue_name")
              .reads(Kind.TIME, "created_at")
              .inserts(),
          Need.table(jobs()).reads(Kind.WHOLE, "id", "priority").reads(Kind.TEXT, "queue_name"));
    }

    /** Without these, jobs can be queued again all the same. */
    private List<Need> needsToFail() {
      return List.of(
          Need.table(failed())
              .reads(Kind.WHOLE, "job_id")
              .reads(Kind.TEXT, "error")
              .reads(Kind.TIME, "created_at")
              .writes("error")
              .inserts(),
          Need.table(semaphores())
              .reads(Kind.TEXT, "key")
              .reads(Kind.WHOLE, "id", "value")
              .reads(Kind.TIME, "expires_at", "created_at")
              .writes("value", "expires_at"),
          Need.table(blocked())
              .reads(Kind.WHOLE, "id", "job_id", "priority")
              .reads(Kind.TEXT, "queue_name", "concurrency_key")
              .reads(Kind.TIME, "expires_at", "created_at")
              .writes("priority")
              .deletes(),
          Need.table(jobs())
              .reads(Kind.TEXT, "concurrency_key")
              .reads(Kind.TIME, "created_at", "scheduled_at"));
    }
  }
}
