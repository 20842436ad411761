package io.selfheal.job;

import io.selfheal.job.Catalog.Privilege;
import io.selfheal.job.Wanted.State;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a preset needs of one table.
 *
 * @param columns that must be there, be readable, and be of a type that fits
 * @param writes of these, the ones that a rescue changes
 * @param whole privileges on the table as a whole
 */
record Need(TableName table, List<Wanted> columns, List<String> writes, Set<Privilege> whole) {
  /** Copies the collections. */
  Need {
    columns = List.copyOf(columns);
    writes = List.copyOf(writes);
    whole = Set.copyOf(whole);
  }

  /** Nothing yet. */
  static Need table(TableName table) {
    return new Need(table, List.of(), List.of(), Set.of());
  }

  /** Also these, readable, of whatever type. */
  Need reads(String... names) {
    return reads(Kind.ANY, names);
  }

  /** Also these, readable and of one kind. */
  Need reads(Kind kind, String... names) {
    return wants(Arrays.stream(names).map(name -> Wanted.of(name, kind)).toList());
  }

  /** Also a column of states, which must have these; where it is an enum, that can be told. */
  Need states(Kind kind, String name, String... values) {
    List<State> states = Arrays.stream(values).map(value -> new State(value, null)).toList();
    return wants(List.of(new Wanted(name, null, kind, states)));
  }

  /** Also these. */
  Need wants(List<Wanted> further) {
    return new Need(table, more(columns, further), writes, whole);
  }

  /** Also these, changeable; they must be among the read ones. */
  Need writes(String... names) {
    return new Need(table, columns, more(writes, List.of(names)), whole);
  }

  /** Rows are added, with numbers from the sequences that the columns have as defaults. */
  Need inserts() {
    return with(Privilege.INSERT);
  }

  /** Rows are deleted. */
  Need deletes() {
    return with(Privilege.DELETE);
  }

  /** What is read is no column that could be granted by its name. */
  Need selects() {
    return with(Privilege.SELECT);
  }

  /** The names of the columns. */
  List<String> reads() {
    return columns.stream().map(Wanted::name).toList();
  }

  private static <T> List<T> more(List<T> known, List<T> further) {
    return Stream.concat(known.stream(), further.stream()).toList();
  }

  private Need with(Privilege privilege) {
    Set<Privilege> more = new HashSet<>(whole);
    more.add(privilege);
    return new Need(table, columns, writes, more);
  }
}
