package io.selfheal.rule;

import io.selfheal.config.Section;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which rules wait for which ({@code guardrails.after}): each exists, and none waits for itself.
 */
final class Order {
  private final Map<String, List<String>> after = new LinkedHashMap<>();
  private final List<String> names;

  private Order(List<Rule> rules) {
    // Of two rules with one name, which is a problem of its own, the first one counts.
    rules.forEach(rule -> after.putIfAbsent(rule.name(), rule.guards().after()));
    names = after.keySet().stream().filter(name -> !name.isEmpty()).toList();
  }

  /**
   * Notes what is wrong.
   *
   * @param guardrails the sections of the rules, in the same order
   */
  static void check(List<Section> guardrails, List<Rule> rules) {
    Order order = new Order(rules);
    for (int i = 0; i < rules.size(); i++) {
      Section section = guardrails.get(i);
      order.unknown(rules.get(i), section);
      order
          .circle(rules.get(i).name())
          .ifPresent(
              circle ->
                  section.reject(
                      "after",
                      "waits for itself: " + String.join(" after ", circle),
                      "take out the one that is the cause of the others"));
    }
  }

  private void unknown(Rule rule, Section guardrails) {
    for (String name : rule.guards().after()) {
      if (!after.containsKey(name)) {
        String hint = "one of " + String.join(", ", names);
        guardrails.reject("after", "\"" + name + "\" is no rule", hint);
      }
    }
  }

  /**
   * The shortest way from a rule back to itself, over rules that are not before it in the file, so
   * that each circle is told of once.
   */
  private Optional<List<String>> circle(String start) {
    Deque<List<String>> ways = new ArrayDeque<>(List.of(List.of(start)));
    Set<String> been = new HashSet<>();
    while (!ways.isEmpty()) {
      List<String> way = ways.removeFirst();
      for (String next : after.getOrDefault(way.getLast(), List.of())) {
        List<String> longer = new ArrayList<>(way);
        longer.add(next);
        if (next.equals(start)) {
          return Optional.of(longer);
        }
        if (names.indexOf(next) > names.indexOf(start) && been.add(next)) {
          ways.addLast(longer);
        }
      }
    }
    return Optional.empty();
  }
}
