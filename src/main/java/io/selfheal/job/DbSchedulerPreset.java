package io.selfheal.job;

import io.selfheal.config.Section;
import java.util.List;
import java.util.Optional;

/**
 * db-scheduler: one row an execution, told by its task and instance. Keys: {@code table} (default
 * {@code public.scheduled_tasks}); {@code skip_tasks}, the names of tasks whose dead executions
 * must be left to the library, because their handler does something else than to revive them.
 *
 * <p>Running means {@code picked}. {@code picked_by} is the name of the scheduler: the host's name
 * unless the application gave another, so at best a host is known. Give each scheduler a name with
 * its pid in it ({@code host:pid}) and set {@code holder.format} to {@code "{host}:{pid}"} to have
 * its executions rescued as soon as it is gone. Keep that name below 50 characters: the library
 * writes no more of it, and what may have lost its end names nobody.
 *
 * <p>No column says when an execution began. {@code last_heartbeat} is set when it is picked and
 * every five minutes from then on, by the clock of the scheduler's host. A look whose holder is
 * unknown therefore goes by the silence, as the library does.
 *
 * <p>A rescue does what the library's revival does: not picked, by nobody, without heartbeat, due
 * now, failed now, one more failure in a row, the next version. All else stays: data, priority,
 * last success. The library sets no limit to revivals, so neither is there one here. Its schedulers
 * compare the version when they complete, so one that was believed dead cannot complete what was
 * rescued.
 *
 * <p>Weakness: the times of a rescue are those of the database's clock, not of a scheduler's. A
 * handler of a task's own is unknown to the table; see {@code skip_tasks}.
 */
final class DbSchedulerPreset implements Preset {
  private static final String TABLE = "public.scheduled_tasks";

  @Override
  public String name() {
    return "db-scheduler";
  }

  @Override
  public Layout read(Section source) {
    String table = source.text("table", TABLE);
    Optional<TableName> name = TableName.parse(table);
    if (name.isEmpty()) {
      source.reject(
          "table", "\"" + table + "\" is not a table", "write schema.name, exactly as it is");
    }
    List<String> skipped = source.texts("skip_tasks", List.of());
    if (skipped.stream().anyMatch(DbSchedulerPreset::unusable)) {
      source.reject("skip_tasks", "has an empty name or a control character", "");
      skipped = List.of();
    }
    return new DbSchedulerLayout(
        name.orElse(new TableName("public", "scheduled_tasks")), List.copyOf(skipped));
  }

  private static boolean unusable(String task) {
    return task.isBlank() || task.chars().anyMatch(Character::isISOControl);
  }
}
