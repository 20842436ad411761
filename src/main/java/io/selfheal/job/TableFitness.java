package io.selfheal.job;

import io.selfheal.job.Catalog.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    String table = layout.table().toString();
    String kind = catalog.kind();
    if (kind == null) {
      return Optional.of("the table " + table + " does not exist; it is looked for again");
    }
    if (!kind.equals("r") && !kind.equals("p")) {
      return Optional.of(table + " is not a table (relkind " + kind + "); name the table itself");
    }
    List<String> missing =
        layout.columns().all().filter(name -> !catalog.columns().containsKey(name)).toList();
    if (!missing.isEmpty()) {
      return Optional.of(
          table + " has no column " + String.join(", ", missing) + "; it has: " + known());
    }
    List<String> problems = new ArrayList<>(types());
    problems.addAll(privileges());
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }

  private String known() {
    return catalog.columns().keySet().stream().sorted().collect(Collectors.joining(", "));
  }

  private List<String> types() {
    List<String> problems = new ArrayList<>();
    time("started", layout.columns().started()).ifPresent(problems::add);
    time("heartbeat", layout.columns().heartbeat()).ifPresent(problems::add);
    String attempts = layout.columns().attempts();
    if (attempts != null && !column(attempts).category().equals("N")) {
      problems.add(
          "column " + attempts + " (attempts) is " + column(attempts).type() + ", not a number");
    }
    return problems;
  }

  private Optional<String> time(String role, @Nullable String name) {
    if (name == null || TIMES.contains(withoutPrecision(column(name).base()))) {
      return Optional.empty();
    }
    return Optional.of(
        "column " + name + " (" + role + ") is " + column(name).type() + ", not a timestamp");
  }

  /** {@code timestamp(3) without time zone} is one, too. */
  private static String withoutPrecision(String type) {
    return type.replaceAll("\\(\\d+\\)", "");
  }

  private List<String> privileges() {
    List<String> problems = new ArrayList<>();
    if (!catalog.schemaUsable()) {
      String schema = Sql.name(layout.table().schema());
      problems.add(denied("USAGE on the schema", "GRANT USAGE ON SCHEMA " + schema));
    }
    grant("SELECT", layout.columns().all(), column -> !column.readable()).ifPresent(problems::add);
    grant("UPDATE", layout.columns().written(), column -> !column.writable())
        .ifPresent(problems::add);
    return problems;
  }

  private Optional<String> grant(String privilege, Stream<String> names, Predicate<Column> lacks) {
    List<String> lacking = names.filter(name -> lacks.test(column(name))).toList();
    if (lacking.isEmpty()) {
      return Optional.empty();
    }
    String columns = lacking.stream().map(Sql::name).collect(Collectors.joining(", "));
    String grant = "GRANT " + privilege + " (" + columns + ") ON " + layout.table().sql();
    return Optional.of(denied(privilege + " on " + String.join(", ", lacking), grant));
  }

  private String denied(String what, String grant) {
    return "the role "
        + catalog.role()
        + " lacks "
        + what
        + "; run: "
        + grant
        + " TO "
        + Sql.name(catalog.role());
  }

  private Column column(String name) {
    Column column = catalog.columns().get(name);
    if (column == null) {
      throw new IllegalStateException("not checked to exist: " + name);
    }
    return column;
  }
}
