package io.selfheal.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which numbered instances of a template unit are started or stopped. Pure. */
final class TemplatePlan {
  private TemplatePlan() {}

  /** The unit of a number: {@code images@3.service} of {@code images@.service}. */
  static String unit(String template, int number) {
    return template.replace("@.service", "@" + number + ".service");
  }

  /**
   * The numbers that run, from {@code systemctl list-units --plain --no-legend}: lines of unit,
   * loaded, active, sub, words.
   */
  static NavigableSet<Integer> running(String template, String text) {
    String name = template.substring(0, template.length() - "@.service".length());
    Pattern unit =
        Pattern.compile(
            "\\s*" + Pattern.quote(name) + "@(\\d{1,6})\\.service\\s+\\S+\\s+(\\S+)\\s.*");
    TreeSet<Integer> numbers = new TreeSet<>();
    for (String line : text.lines().toList()) {
      Matcher match = unit.matcher(line + " ");
      if (match.matches()
          && !match.group(2).equals("inactive")
          && !match.group(2).equals("failed")) {
        numbers.add(Integer.parseInt(match.group(1)));
      }
    }
    return numbers;
  }

  /**
   * What changes, as {@code +images@3.service} or {@code -images@3.service}: the lowest free
   * numbers start, the highest stop, within the bounds.
   */
  static List<String> change(
      String template, NavigableSet<Integer> running, int by, int least, int most) {
    List<String> changes = new ArrayList<>();
    TreeSet<Integer> now = new TreeSet<>(running);
    for (int i = 0; i < by && now.size() < most; i++) {
      int free = 1;
      while (now.contains(free)) {
        free++;
      }
      now.add(free);
      changes.add("+" + unit(template, free));
    }
    for (int i = 0; i < -by && now.size() > least && !now.isEmpty(); i++) {
      changes.add("-" + unit(template, now.pollLast()));
    }
    return changes;
  }
}
