package io.selfheal.job;

import io.selfheal.job.Catalog.Privilege;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables of Quartz. Pure.
 *
 * @param scheduler the only scheduler that is looked at; null: all
 */
record QuartzLayout(String schema, String prefix, @Nullable String scheduler) implements Layout {
  @Override
  public TableName table() {
    return named("fired_triggers");
  }

  @Override
  public List<TableName> others() {
    return List.of(triggers(), instances(), locks());
  }

  TableName triggers() {
    return named("triggers");
  }

  TableName instances() {
    return named("scheduler_state");
  }

  TableName locks() {
    return named("locks");
  }

  private TableName named(String what) {
    return new TableName(schema, prefix + what);
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
  public Rule rule(Limits limits) {
    return new QuartzRule(limits);
  }

  @Override
  public Probed probe(Catalog catalog, Reach reach) {
    return Fitness.of(table(), catalog, needs())
        .<Probed>map(Probed.Unfit::new)
        .orElseGet(() -> new Probed.Fit(new QuartzSql(this).statements()));
  }

  /** The version of a trigger's row is no column that could be granted by its name. */
  private List<Need> needs() {
    Need triggers =
        Need.table(triggers())
            .reads("sched_name", "trigger_name", "trigger_group", "job_name", "job_group")
            .reads("trigger_state")
            .writes("trigger_state");
    return List.of(
        Need.table(table())
            .reads("sched_name", "entry_id", "trigger_name", "trigger_group", "instance_name")
            .reads("fired_time", "state", "job_name", "job_group", "is_nonconcurrent")
            .reads("requests_recovery"),
        new Need(triggers.table(), triggers.reads(), triggers.writes(), Set.of(Privilege.SELECT)),
        Need.table(instances())
            .reads("sched_name", "instance_name", "last_checkin_time", "checkin_interval"),
        Need.table(locks()).reads("sched_name", "lock_name").writes("lock_name"));
  }
}
