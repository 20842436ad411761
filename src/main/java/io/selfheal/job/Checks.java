package io.selfheal.job;

import io.selfheal.job.Catalog.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the CHECKs of a table, and of the domains of its columns, allow what is configured. Only
 * PostgreSQL can tell, so it is asked to work them out with the values of each change. One that is
 * about other columns, too, depends on the row, and is not asked. Pure.
 */
final class Checks {
  private final TableName table;
  private final Catalog catalog;
  private final List<Asked> asked = new ArrayList<>();

  Checks(Layout layout, Catalog catalog) {
    this.table = layout.table();
    this.catalog = catalog;
    for (Change change : layout.changes(catalog)) {
      for (Check check : catalog.checks()) {
        if (change.values().keySet().containsAll(check.columns())) {
          asked.add(new Asked(check, change));
        }
      }
    }
  }

  private record Asked(Check check, Change change) {}

  /** Answers as {@code number} those that are not allowed; empty when there is nothing to ask. */
  Optional<String> sql() {
    List<String> each = new ArrayList<>();
    for (Asked one : asked) {
      each.add(
          "SELECT %d AS number, (%s) IS FALSE AS refused FROM (SELECT %s) AS t"
              .formatted(each.size(), one.check().expression(), row(one)));
    }
    return each.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "SELECT a.number FROM (%s) AS a WHERE a.refused"
                .formatted(String.join("\nUNION ALL\n", each)));
  }

  /** The condition of a domain calls its column VALUE. */
  private String row(Asked one) {
    return one.check().ofDomain()
        ? one.check().columns().stream()
            .map(name -> one.change().value(name, catalog) + " AS value")
            .collect(Collectors.joining())
        : one.change().row(catalog);
  }

  /** What is not allowed, and how to mend it; empty when all is. */
  Optional<String> problem(Set<Integer> refused) {
    return refused.isEmpty()
        ? Optional.empty()
        : Optional.of(
            refused.stream().sorted().map(this::problem).collect(Collectors.joining("; ")));
  }

  private String problem(int number) {
    Check check = asked.get(number).check();
    Change change = asked.get(number).change();
    return "the constraint %s of %s, CHECK (%s), does not allow %s; correct %s, or the constraint"
        .formatted(check.name(), table, check.expression(), change.words(), change.key());
  }
}
