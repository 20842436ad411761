package io.selfheal.symptom;

import io.selfheal.config.Section;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which of many are meant: names in which {@code *} stands for anything, slashes too. Pure.
 *
 * @param names as they are written; none: all are meant
 */
record Choice(List<String> names, List<Pattern> patterns) {
  /** Reads a name or a list of names. */
  static Choice from(Section section, String key) {
    return of(section.texts(key, List.of()));
  }

  static Choice of(List<String> names) {
    return new Choice(names, names.stream().map(Choice::pattern).toList());
  }

  private static Pattern pattern(String name) {
    String form =
        Arrays.stream(name.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(form, Pattern.DOTALL);
  }

  boolean has(String name) {
    return patterns.isEmpty()
        || patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
