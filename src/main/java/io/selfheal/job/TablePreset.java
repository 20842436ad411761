package io.selfheal.job;

import io.selfheal.config.Section;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any table with one row a job. Keys: {@code table: schema.name}; {@code columns: {id, state,
 * started?, heartbeat?, attempts?, holder?, queued?}}; {@code states: {ready, running, failed,
 * dead_letter?}}, where running may be a list. Names are exact: case counts.
 *
 * <p>Queued again means: state ready; start, heartbeat and holder null (a column that must not be
 * null keeps its value); attempts as they are, because a worker counts when it takes a job. Failed
 * means: that state, and all else kept for whoever looks into it.
 *
 * <p>{@code queued} says since when a ready job waits; it is only read, and tells how old a backlog
 * is.
 *
 * <p>Without {@code started} and {@code attempts} two takes of a job by one instance look alike. A
 * job that was there before the instance's process is then unknown, and shown: it seems to be of
 * the process before.
 *
 * <p>Weakness: a worker that completes jobs by id alone can complete a job that was queued again
 * meanwhile. Let it compare its own holder or start when it completes.
 */
final class TablePreset implements Preset {
  @Override
  public String name() {
    return "table";
  }

  @Override
  public Layout read(Section source) {
    String table = source.required("table", "write table: schema.name");
    Optional<TableName> name = TableName.parse(table);
    if (name.isEmpty() && !table.isBlank()) {
      source.reject(
          "table", "\"" + table + "\" is not a table", "write schema.name, exactly as it is");
    }
    return new TableLayout(
        name.orElse(new TableName("public", "missing")),
        columns(source.section("columns")),
        states(source.section("states")));
  }

  private static TableLayout.Columns columns(Section section) {
    Set<String> seen = new HashSet<>();
    return new TableLayout.Columns(
        needed(section, "id", seen),
        needed(section, "state", seen),
        column(section, "started", seen),
        column(section, "heartbeat", seen),
        column(section, "attempts", seen),
        column(section, "holder", seen),
        column(section, "queued", seen));
  }

  private static String needed(Section section, String key, Set<String> seen) {
    if (section.text(key).isEmpty()) {
      section.required(key, "write the name of the column that has the job's " + key);
      return key;
    }
    String name = column(section, key, seen);
    return name == null ? key : name;
  }

  private static @Nullable String column(Section section, String key, Set<String> seen) {
    Optional<String> name = section.text(key);
    if (name.isEmpty()) {
      return null;
    }
    if (!Sql.isName(name.get())) {
      section.reject(
          key, "\"" + name.get() + "\" is not a column", "write its name of 1 to 63 bytes");
      return null;
    }
    if (!seen.add(name.get())) {
      section.reject(
          key, "\"" + name.get() + "\" is used twice", "give each role a column of its own");
    }
    return name.get();
  }

  private static TableLayout.States states(Section section) {
    String ready = state(section, "ready");
    List<String> running = section.texts("running", List.of());
    String failed = state(section, "failed");
    String deadLetter = section.has("dead_letter") ? state(section, "dead_letter") : null;
    if (running.isEmpty()) {
      section.reject("running", "is missing", "write the state of jobs that a worker has taken");
    }
    if (running.stream().anyMatch(TablePreset::unusable)) {
      section.reject("running", "has an empty state or a control character", "");
    }
    if (running.contains(ready) || running.contains(failed)) {
      section.reject(
          "running", "is also ready or failed", "a running job must be told by its state");
    }
    if (deadLetter != null && running.contains(deadLetter)) {
      section.reject("dead_letter", "is also running", "give dead letters a state of their own");
    }
    return new TableLayout.States(ready, running, failed, deadLetter);
  }

  private static String state(Section section, String key) {
    String state = section.required(key, "write the state as it stands in the column");
    if (state.chars().anyMatch(Character::isISOControl)) {
      section.reject(key, "has a control character", "");
      return "";
    }
    return state;
  }

  private static boolean unusable(String state) {
    return state.isBlank() || state.chars().anyMatch(Character::isISOControl);
  }
}
