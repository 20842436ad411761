package io.selfheal.file;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns of names below a root: {@code *} and {@code ?} within one name, {@code **} over
 * directories, none included: {@code **}{@code /*.bin} is also {@code a.bin}. Pure.
 */
public final class Globs {
  private static final FileSystem FILES = FileSystems.getDefault();

  private final List<PathMatcher> matchers;

  private Globs(List<PathMatcher> matchers) {
    this.matchers = matchers;
  }

  /** From patterns that {@link #problem} has nothing against. */
  public static Globs of(List<String> patterns) {
    return new Globs(
        patterns.stream().map(one -> FILES.getPathMatcher("glob:" + anyDepth(one))).toList());
  }

  /** What is wrong with a pattern; empty when it is good. */
  public static Optional<String> problem(String pattern) {
    if (pattern.isBlank() || pattern.startsWith("/")) {
      return Optional.of("is not a pattern below a root");
    }
    if (List.of(pattern.split("/", -1)).stream().anyMatch(one -> one.matches("|\\.|\\.\\."))) {
      return Optional.of("has an empty name, . or .. in it");
    }
    try {
      FILES.getPathMatcher("glob:" + anyDepth(pattern));
      return Optional.empty();
    } catch (PatternSyntaxException wrong) {
      return Optional.of("is no pattern: " + wrong.getDescription());
    }
  }

  /** To the JDK {@code **}{@code /} is at least one directory. */
  private static String anyDepth(String pattern) {
    return pattern.replace("**/", "{,**/}");
  }

  /** Whether one of them is the name. */
  public boolean match(Path relative) {
    return matchers.stream().anyMatch(one -> one.matches(relative));
  }
}
