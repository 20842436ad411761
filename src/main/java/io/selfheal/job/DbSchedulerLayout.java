package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
import java.util.List;

/**
 * The table of db-scheduler. Pure.
 *
 * <p>Each of its times is a moment: a time without zone could be of any scheduler's zone.
 *
 * @param skipped tasks whose executions are never looked at
 */
record DbSchedulerLayout(TableName table, List<String> skipped) implements Layout {
  @Override
  public List<String> key() {
    return List.of("task_name", "task_instance");
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
  public boolean timesByDatabase() {
    return false;
  }

  @Override
  public String holderFormat() {
    return "{host}";
  }

  /** JdbcTaskRepository keeps the first 50 characters of a scheduler's name. */
  @Override
  public int holderCutAt() {
    return 50;
  }

  @Override
  public String cutAdvice() {
    return "give the host a shorter name; or, where all schedulers of the table run on this host, give"
        + " each a name without it, as schedulerName(new SchedulerName.Fixed(\"pid:\" + pid)), and set"
        + " holder.format to \"pid:{pid}\"";
  }

  @Override
  public boolean fenced() {
    return true;
  }

  @Override
  public String afterwards(Effect effect, String id) {
    return "db-scheduler itself revives it when its heartbeats have been missing for long; cancel it"
        + " with the client of db-scheduler to prevent that";
  }

  @Override
  public Probed probe(Catalog catalog, Reach reach) {
    return Fitness.of(table, catalog, List.of(need()))
        .<Probed>map(Probed.Unfit::new)
        .orElseGet(
            () -> new Probed.Fit(new DbSchedulerSql(this, catalog, reach).statements().unsure()));
  }

  private Need need() {
    String[] written = {
      "picked",
      "picked_by",
      "last_heartbeat",
      "last_failure",
      "consecutive_failures",
      "execution_time",
      "version"
    };
    return Need.table(table)
        .reads(Kind.TEXT, "task_name", "task_instance", "picked_by")
        .reads(Kind.FLAG, "picked")
        .reads(Kind.WHOLE, "version", "consecutive_failures")
        .reads(Kind.ZONED, "execution_time", "last_failure", "last_heartbeat")
        .writes(written);
  }
}
