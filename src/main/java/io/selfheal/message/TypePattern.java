package io.selfheal.message;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which types of events a reader wants: {@code worker.lost} is that type, {@code breaker.*} every
 * type that begins with {@code breaker.}, {@code *} and an empty list every type. A star anywhere
 * else is an ordinary character.
 */
public final class TypePattern {
  private final Set<String> exact = new TreeSet<>();
  private final Set<String> prefixes = new TreeSet<>();

  private TypePattern(List<String> patterns) {
    for (String pattern : patterns) {
      if (pattern.equals("*")) {
        prefixes.add("");
      } else if (pattern.endsWith(".*")) {
        prefixes.add(pattern.substring(0, pattern.length() - 1));
      } else {
        exact.add(pattern);
      }
    }
    if (patterns.isEmpty()) {
      prefixes.add("");
    }
  }

  /** The types that at least one pattern names; an empty list names all. */
  public static TypePattern of(List<String> patterns) {
    return new TypePattern(patterns);
  }

  /** Whether a type is wanted. */
  public boolean matches(String type) {
    return exact.contains(type) || prefixes.stream().anyMatch(type::startsWith);
  }

  /** Whether every type is wanted. */
  public boolean all() {
    return prefixes.contains("");
  }

  /** The types that are wanted by their full name. */
  public List<String> exact() {
    return List.copyOf(exact);
  }

  /** The beginnings, each with its dot, of the types that are wanted by family. */
  public List<String> prefixes() {
    return List.copyOf(prefixes);
  }
}
