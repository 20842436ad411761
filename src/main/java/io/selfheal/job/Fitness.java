package io.selfheal.job;

import io.selfheal.job.Catalog.Column;
import io.selfheal.job.Catalog.Place;
import io.selfheal.job.Catalog.Privilege;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Whether the tables of a library are as its preset needs them, and open to the role. Pure. */
final class Fitness {
  private static final String UNKNOWN =
      ": this version of the library is not known; let its own migrations bring the table up to"
          + " date";

  private Fitness() {}

  /**
   * Everything that is wrong, in one text; empty when nothing is.
   *
   * @param main the layout's table
   * @param catalog of the layout's table, with its others
   */
  static Optional<String> of(TableName main, Catalog catalog, List<Need> needs) {
    return of(main, catalog, needs, UNKNOWN);
  }

  /**
   * The same.
   *
   * @param unknown what it means when columns are missing or of other types
   */
  static Optional<String> of(TableName main, Catalog catalog, List<Need> needs, String unknown) {
    List<String> problems = new ArrayList<>();
    for (Need need : needs) {
      Catalog one = need.table().equals(main) ? catalog : catalog.other(need.table());
      shape(need, one, unknown)
          .ifPresentOrElse(problems::add, () -> problems.addAll(open(need, one)));
    }
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }

  private static Optional<String> shape(Need need, Catalog catalog, String unknown) {
    String kind = catalog.kind();
    if (kind == null) {
      return Optional.of(absent(need.table(), catalog.place()));
    }
    if (!kind.equals("r") && !kind.equals("p")) {
      return Optional.of(
          need.table() + " is not a table (relkind " + kind + "): a rescue needs the table itself");
    }
    List<String> problems = new ArrayList<>();
    missing(need, catalog).ifPresent(problems::add);
    problems.addAll(new ColumnFitness(need, catalog).problems());
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join("; ", problems) + unknown);
  }

  private static String absent(TableName table, Place place) {
    String namesakes =
        place.namesakes().stream().map(TableName::toString).collect(Collectors.joining(", "));
    return "the table %s does not exist in the database %s%s; %s"
        .formatted(
            table,
            place.database(),
            namesakes.isEmpty() ? "" : ", where there is " + namesakes,
            "another database is named by the source's key database; it is looked for again");
  }

  private static Optional<String> missing(Need need, Catalog catalog) {
    Set<String> known = catalog.columns().keySet();
    List<String> missing = need.reads().stream().filter(name -> !known.contains(name)).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s has no column %s; it has: %s"
                .formatted(
                    need.table(),
                    String.join(", ", missing),
                    known.stream().sorted().collect(Collectors.joining(", "))));
  }

  private static List<String> open(Need need, Catalog catalog) {
    List<String> problems = new ArrayList<>();
    if (!catalog.schemaUsable()) {
      String schema = Sql.name(need.table().schema());
      problems.add(lacks(catalog, "USAGE on the schema", "USAGE ON SCHEMA " + schema));
    }
    columns(need, catalog, "SELECT", need.reads(), Column::readable).ifPresent(problems::add);
    columns(need, catalog, "UPDATE", need.writes(), Column::writable).ifPresent(problems::add);
    for (Privilege privilege : need.whole()) {
      if (!catalog.privileges().contains(privilege)) {
        String what = privilege + " ON " + need.table().sql();
        problems.add(lacks(catalog, privilege + " on " + need.table(), what));
      }
    }
    if (need.whole().contains(Privilege.INSERT)) {
      for (TableName sequence : catalog.closedSequences()) {
        String what = "USAGE ON SEQUENCE " + sequence.sql();
        problems.add(lacks(catalog, "USAGE on the sequence " + sequence, what));
      }
    }
    if (catalog.rowSecurity()) {
      problems.add(
          "row security hides rows of "
              + need.table()
              + " from the role "
              + catalog.role()
              + "; let the agent connect as the owner, or run: ALTER ROLE "
              + Sql.name(catalog.role())
              + " BYPASSRLS");
    }
    return problems;
  }

  private static Optional<String> columns(
      Need need, Catalog catalog, String privilege, List<String> names, Predicate<Column> has) {
    List<String> lacking =
        names.stream()
            .filter(name -> Optional.ofNullable(catalog.columns().get(name)).filter(has).isEmpty())
            .toList();
    if (lacking.isEmpty()) {
      return Optional.empty();
    }
    String list = lacking.stream().map(Sql::name).collect(Collectors.joining(", "));
    return Optional.of(
        lacks(
            catalog,
            privilege + " on " + String.join(", ", lacking) + " of " + need.table(),
            privilege + " (" + list + ") ON " + need.table().sql()));
  }

  private static String lacks(Catalog catalog, String what, String grant) {
    String role = catalog.role();
    return "the role "
        + role
        + " lacks "
        + what
        + "; run: GRANT "
        + grant
        + " TO "
        + Sql.name(role);
  }
}
