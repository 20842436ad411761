package io.selfheal.job;

import io.selfheal.job.Catalog.Privilege;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a preset needs of one table.
 *
 * @param reads columns that must be there and be readable
 * @param writes of these, the ones that a rescue changes
 * @param whole privileges on the table as a whole
 */
record Need(TableName table, List<String> reads, List<String> writes, Set<Privilege> whole) {
  /** Copies the collections. */
  Need {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    whole = Set.copyOf(whole);
  }

  /** Nothing yet. */
  static Need table(TableName table) {
    return new Need(table, List.of(), List.of(), Set.of());
  }

  /** Also these, readable. */
  Need reads(String... columns) {
    return new Need(table, more(reads, columns), writes, whole);
  }

  /** Also these, changeable; they must be among the read ones. */
  Need writes(String... columns) {
    return new Need(table, reads, more(writes, columns), whole);
  }

  /** Rows are added, with numbers from the sequences that the columns have as defaults. */
  Need inserts() {
    return with(Privilege.INSERT);
  }

  /** Rows are deleted. */
  Need deletes() {
    return with(Privilege.DELETE);
  }

  private static List<String> more(List<String> names, String... further) {
    return Stream.concat(names.stream(), Stream.of(further)).toList();
  }

  private Need with(Privilege privilege) {
    Set<Privilege> more = new HashSet<>(whole);
    more.add(privilege);
    return new Need(table, reads, writes, more);
  }
}
