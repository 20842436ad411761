package io.selfheal.job;

import io.selfheal.config.Section;

/**
 * Quartz 2.5 with its JDBC store: what its schedulers left behind is found and explained, and
 * nothing is touched but the one case that the library itself never mends. Keys: {@code schema}
 * (public), {@code prefix} (qrtz_), {@code scheduler} (the {@code SCHED_NAME}; default: all of the
 * tables).
 *
 * <p>Running means: there is a row in {@code fired_triggers}. The holder is its instance name, by
 * default made of the host and the time of its start; configure the {@code instanceId} of a
 * clustered scheduler as {@code host:pid} and its death is proven. One that is not clustered
 * recovers only what carries its own name: it needs a name that lasts, such as the instance that
 * the agent gives to workers it runs. The age is since {@code fired_time}, by the scheduler's
 * clock. The last check-in of a clustered instance is its heartbeat; by the library's own rule the
 * instance has failed when that is older than its interval and 7.5 seconds.
 *
 * <p>Why fired rows are not touched: what becomes of one is decided by the library's recovery,
 * which writes a trigger of its own, with its data, where the job requests recovery. A clustered
 * scheduler does it when another instance checks in, one that is not clustered when it starts.
 *
 * <p>The safe case: a trigger that is {@code ACQUIRED}, {@code BLOCKED} or {@code PAUSED_BLOCKED}
 * while no fired row gives a reason for it never fires again. Recovery goes by fired rows, so a
 * cluster never frees it; only a scheduler that is not clustered does, when it starts. It becomes
 * {@code WAITING}, or {@code PAUSED}, as recovery does with such triggers; a time that was missed
 * is handled by the library as a misfire. That is done when the agent has seen the same version of
 * the row for a minute by its own clock, and under the library's lock {@code TRIGGER_ACCESS}. Only
 * clustered schedulers take that lock in the database, so it is done only for those: the lock's row
 * is there and an instance checks in.
 *
 * <p>Weakness: when a cluster gives up an instance that lives, it deletes its fired rows and frees
 * its triggers, though the job may go on. A trigger that such an instance blocks afterwards has no
 * fired row, and is freed here as the library would have freed it before.
 */
final class QuartzPreset implements Preset {
  @Override
  public String name() {
    return "quartz";
  }

  @Override
  public Layout read(Section source) {
    String scheduler = source.text("scheduler").orElse(null);
    if (scheduler != null && scheduler.chars().anyMatch(Character::isISOControl)) {
      source.reject("scheduler", "has a control character", "write the SCHED_NAME of the tables");
      scheduler = null;
    }
    return new QuartzLayout(
        Schemas.read(source, "public"), Prefixes.read(source, "qrtz_"), scheduler);
  }
}
