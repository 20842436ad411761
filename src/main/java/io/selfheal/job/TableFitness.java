package io.selfheal.job;

import io.selfheal.job.Catalog.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a mapped table can be swept, and if not, exactly why. Pure. */
final class TableFitness {
  private static final Set<String> TIMES =
      Set.of("timestamp with time zone", "timestamp without time zone");

  private final TableLayout layout;
  private final Catalog catalog;

  TableFitness(TableLayout layout, Catalog catalog) {
    this.layout = layout;
    this.catalog = catalog;
  }

  /** Everything that is wrong, in one text; empty when nothing is. */
  Optional<String> problem() {
    List<String> problems = new ArrayList<>();
    time("started", layout.columns().started()).ifPresent(problems::add);
    time("heartbeat", layout.columns().heartbeat()).ifPresent(problems::add);
    time("queued", layout.columns().queued()).ifPresent(problems::add);
    attempts().ifPresent(problems::add);
    Need need =
        Need.table(layout.table())
            .reads(layout.columns().all().toArray(String[]::new))
            .writes(layout.columns().written().toArray(String[]::new));
    Fitness.of(layout.table(), catalog, List.of(need), "").ifPresent(problems::add);
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }

  private Optional<String> attempts() {
    String name = layout.columns().attempts();
    return column(name)
        .filter(column -> !column.category().equals("N"))
        .map(column -> "column " + name + " (attempts) is " + column.type() + ", not a number");
  }

  private Optional<String> time(String role, @Nullable String name) {
    return column(name)
        .filter(column -> !TIMES.contains(withoutPrecision(column.base())))
        .map(
            column -> "column %s (%s) is %s, not a timestamp".formatted(name, role, column.type()));
  }

  /** {@code timestamp(3) without time zone} is one, too. */
  private static String withoutPrecision(String type) {
    return type.replaceAll("\\(\\d+\\)", "");
  }

  /** Empty also when it is not there: that is said of all missing ones together. */
  private Optional<Column> column(@Nullable String name) {
    return name == null ? Optional.empty() : Optional.ofNullable(catalog.columns().get(name));
  }
}
