package io.selfheal.job;

import io.selfheal.config.Section;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Que 2: jobs that are held for long are found and explained, and none is touched. Key: {@code
 * schema} (public).
 *
 * <p>Running means: a session holds the advisory lock on the job's id. The lock ends with the
 * session, and the job is then taken again, so no job of Que needs a rescue. One that is held for
 * long belongs to a session that is there: its process is slow, or it is gone without PostgreSQL
 * having noticed, as when its machine lost power or a pooler keeps its connection.
 *
 * <p>The holder is the host and pid of the process in {@code que_lockers}; there is none when
 * something else holds the lock. No row says since when, so the age is what the agent has seen by
 * its own clock. The last statement of the session is the sign of life, where the role may see it
 * in {@code pg_stat_activity}. A job that is locked may still wait in the buffer of its process.
 *
 * <p>Jobs with {@code expired_at} have used up their attempts: they are the dead letters of Que,
 * and counted as such. How many attempts a class allows is not in the table.
 */
final class QuePreset implements Preset {
  @Override
  public String name() {
    return "que";
  }

  @Override
  public Layout read(Section source) {
    return new Tables(Schemas.read(source, "public"));
  }

  /** The library's tables; their names are fixed. */
  record Tables(String schema) implements Layout {
    private static final String WHY =
        "the lock belongs to a session that is there, and ends with it: Que then runs the job again";

    private static final String REMEDY =
        "look at the process; if it is gone, end its session with SELECT"
            + " pg_terminate_backend(PID) and the PID of the evidence";

    @Override
    public TableName table() {
      return new TableName(schema, "que_jobs");
    }

    @Override
    public List<TableName> others() {
      return List.of(lockers());
    }

    TableName lockers() {
      return new TableName(schema, "que_lockers");
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
    public boolean hasDeadLetters() {
      return false;
    }

    @Override
    public boolean rescues() {
      return false;
    }

    @Override
    public Rule rule(Limits limits) {
      HandsOff handsOff = new HandsOff(limits, WHY, REMEDY);
      return (job, verdict, seenFor) -> handsOff.judge(aged(job, seenFor), verdict, seenFor);
    }

    private static Candidate aged(Candidate job, @Nullable Duration seenFor) {
      return seenFor == null ? job : job.aged(seenFor);
    }

    @Override
    public Probed probe(Catalog catalog, Reach reach) {
      List<Need> needs =
          List.of(
              Need.table(table())
                  .reads(Kind.WHOLE, "id", "error_count")
                  .reads(Kind.ZONED, "run_at")
                  .reads(Kind.TEXT, "job_class")
                  .reads("finished_at", "expired_at"),
              Need.table(lockers())
                  .reads(Kind.WHOLE, "pid", "ruby_pid")
                  .reads(Kind.TEXT, "ruby_hostname"));
      return Fitness.of(table(), catalog, needs)
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(() -> new Probed.Fit(new QueSql(this, catalog).statements()));
    }
  }
}
