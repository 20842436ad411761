package io.selfheal.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column that a preset needs.
 *
 * @param role what it is among the configured columns; null when the preset names it itself
 * @param states values that are looked for or written; none when it is no column of states
 */
record Wanted(String name, @Nullable String role, Kind kind, List<State> states) {
  /** Copies the list. */
  Wanted {
    states = List.copyOf(states);
  }

  /**
   * A value of a state.
   *
   * @param key where it is configured; null when the preset writes it itself
   */
  record State(String value, @Nullable String key) {
    @Override
    public String toString() {
      return key == null ? value : value + " (" + key + ")";
    }
  }

  /** Of a library, with no states. */
  static Wanted of(String name, Kind kind) {
    return new Wanted(name, null, kind, List.of());
  }

  /** For an operator: {@code column t (started)}. */
  String words() {
    return "column " + name + (role == null ? "" : " (" + role + ")");
  }
}
