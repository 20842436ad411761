package io.selfheal.job;

import io.selfheal.job.Catalog.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table of db-scheduler. Pure.
 *
 * @param skipped tasks whose executions are never looked at
 */
record DbSchedulerLayout(TableName table, List<String> skipped) implements Layout {
  private static final String TIME = "timestamp with time zone";

  /** What each time must be: a time without zone could be of any scheduler's zone. */
  private static final List<String> TIMES =
      List.of("execution_time", "last_failure", "last_heartbeat");

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
  public boolean timesByDatabase() {
    return false;
  }

  @Override
  public String holderFormat() {
    return "{host}";
  }

  @Override
  public boolean fenced() {
    return true;
  }

  @Override
  public Probed probe(Catalog catalog, Reach reach) {
    return Fitness.of(table, catalog, List.of(need()))
        .or(() -> types(catalog.columns()))
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
    return Need.table(table).reads("task_name", "task_instance").reads(written).writes(written);
  }

  private static Optional<String> types(Map<String, Column> columns) {
    List<String> problems = new ArrayList<>();
    if (!base(columns, "picked").equals("boolean")) {
      problems.add("column picked is " + base(columns, "picked") + ", not boolean");
    }
    for (String number : List.of("version", "consecutive_failures")) {
      if (!List.of("smallint", "integer", "bigint").contains(base(columns, number))) {
        problems.add("column " + number + " is " + base(columns, number) + ", not an integer");
      }
    }
    for (String time : TIMES) {
      String base = base(columns, time).replaceAll("\\(\\d+\\)", "");
      if (!base.equals(TIME)) {
        problems.add("column " + time + " is " + base + ", not " + TIME);
      }
    }
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }

  private static String base(Map<String, Column> columns, String name) {
    @Nullable Column column = columns.get(name);
    if (column == null) {
      throw new IllegalStateException("not checked to exist: " + name);
    }
    return column.base();
  }
}
