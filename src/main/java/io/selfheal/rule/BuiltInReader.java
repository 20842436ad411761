package io.selfheal.rule;

import io.selfheal.config.Section;
import java.util.ArrayList;
import java.util.List;

/** Reads the section {@code built_in} of the rules. */
final class BuiltInReader {
  private static final String NOTHING = "{}";

  private BuiltInReader() {}

  /**
   * Reads it.
   *
   * @param guardrails is added the section of each, in the same order
   */
  static BuiltInRules from(Section section, List<Section> guardrails) {
    int perMinute =
        section.integer("remedies_per_minute", BuiltInRules.DEFAULT.perMinute(), 1, 1000);
    List<Rule> all = new ArrayList<>();
    for (BuiltIn one : BuiltIn.values()) {
      Section said = section.section(one.key());
      Section guards = said.section("guardrails");
      guardrails.add(guards);
      all.add(
          BuiltInRules.rule(
              one,
              version(said),
              said.choice("mode", Mode.ACT, Mode.class),
              GuardsReader.from(guards, BuiltInRules.GUARDS)));
    }
    return new BuiltInRules(perMinute, all);
  }

  /** That of the agent's own ladder, and of what the file says beside it. */
  private static String version(Section said) {
    return said.written().equals(NOTHING)
        ? BuiltInRules.VERSION
        : BuiltInRules.VERSION + "-" + Versions.of(said);
  }
}
