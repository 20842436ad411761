package io.selfheal.job;

import java.util.List;
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
            .reads(Kind.TEXT, "sched_name", "trigger_name", "trigger_group")
            .reads(Kind.TEXT, "job_name", "job_group", "trigger_state")
            .reads(Kind.WHOLE, "next_fire_time")
            .writes("trigger_state")
            .selects();
    return List.of(
        Need.table(table())
            .reads(Kind.TEXT, "sched_name", "entry_id", "trigger_name", "trigger_group")
            .reads(Kind.TEXT, "instance_name", "state", "job_name", "job_group")
            .reads(Kind.WHOLE, "fired_time")
            .reads(Kind.FLAG, "is_nonconcurrent", "requests_recovery"),
        triggers,
        Need.table(instances())
            .reads(Kind.TEXT, "sched_name", "instance_name")
            .reads(Kind.WHOLE, "last_checkin_time", "checkin_interval"),
        Need.table(locks()).reads(Kind.TEXT, "sched_name", "lock_name").writes("lock_name"));
  }
}
