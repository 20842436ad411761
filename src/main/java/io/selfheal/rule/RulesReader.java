package io.selfheal.rule;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.config.Section;
import io.selfheal.message.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code rules.yaml}: all of it, or every problem in it. */
public final class RulesReader {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final Map<String, Symptom> symptoms;
  private final Map<String, Remedy> remedies;

  /** With the symptoms and remedies that a rule can name. */
  public RulesReader(Map<String, Symptom> symptoms, Map<String, Remedy> remedies) {
    this.symptoms = Map.copyOf(symptoms);
    this.remedies = Map.copyOf(remedies);
  }

  /**
   * Reads a text.
   *
   * @param file its name, for messages
   * @throws BadConfiguration when anything is wrong, with all of it
   */
  public Rules read(String file, String text) throws BadConfiguration {
    Reading reading = new Reading(file, text, Map.of());
    Section root = reading.root();
    Limits limits = Limits.from(root.section("limits"));
    List<Rule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<Section> guardrails = new ArrayList<>();
    for (Section section : root.sections("rules")) {
      // Each section is opened once: every opening has its own mind of which keys are known.
      guardrails.add(section.section("guardrails"));
      Rule rule = rule(section, guardrails.getLast());
      if (!rule.name().isEmpty() && !names.add(rule.name())) {
        section.reject("name", "is the name of another rule, too", "each rule needs its own");
      }
      if (BuiltInRules.taken(rule.name())) {
        section.reject(
            "name", "is the name of a rule that comes with the agent", "see the section built_in");
      }
      rules.add(rule);
    }
    BuiltInRules builtIn = BuiltInReader.from(root.section("built_in"), guardrails);
    Order.check(guardrails, Stream.concat(rules.stream(), builtIn.all().stream()).toList());
    reading.finish();
    return new Rules(file, limits, rules, builtIn);
  }

  private Rule rule(Section section, Section guardrails) {
    String name = section.required("name", "such as low_disk_of_models");
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      section.reject("name", "is not a name", "lower case letters, digits, _ and -, at most 63");
    }
    Optional<Symptom> symptom = symptom(section);
    Section where = section.section("where");
    Section enter = section.section("enter");
    Section leave = section.section("leave");
    Symptom.@Nullable Make make =
        symptom
            .map(one -> read(section, "symptom", () -> one.read(where, enter, leave)))
            .orElse(null);
    Duration clear = section.duration("clear_for", Duration.ofSeconds(10), Duration.ZERO, DAY);
    Duration verify = section.duration("verify_within", MINUTE, SECOND, DAY);
    if (verify.compareTo(clear) <= 0) {
      section.reject("verify_within", "is not longer than clear_for", "nothing could be verified");
    }
    return new Rule(
        name,
        Versions.of(section),
        symptom.map(Symptom::name).orElse(""),
        section.choice("severity", Severity.WARNING, Severity.class),
        make == null ? () -> new Detector() {} : make,
        section.duration("for", Duration.ZERO, Duration.ZERO, DAY),
        clear,
        ladder(section),
        verify,
        section.choice("mode", Mode.ACT, Mode.class),
        GuardsReader.from(guardrails));
  }

  private Optional<Symptom> symptom(Section section) {
    String name = section.required("symptom", "one of " + String.join(", ", sorted(symptoms)));
    Optional<Symptom> known = Optional.ofNullable(symptoms.get(name));
    if (known.isEmpty() && !name.isEmpty()) {
      section.reject(
          "symptom",
          "\"" + name + "\" is no symptom",
          "one of " + String.join(", ", sorted(symptoms)));
    }
    return known;
  }

  /** One of a plugin may throw all the same; then that is what is wrong with the rule. */
  private static <T> @Nullable T read(Section section, String key, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (RuntimeException | LinkageError failure) {
      section.reject(key, "failed to read what the rule says: " + failure, "see who made it");
      return null;
    }
  }

  private static List<String> sorted(Map<String, ?> named) {
    return named.keySet().stream().sorted().toList();
  }

  private List<Rung> ladder(Section section) {
    List<Rung> ladder = new ArrayList<>();
    for (Section rung : section.sections("ladder")) {
      String name = rung.required("remedy", "one of " + String.join(", ", sorted(remedies)));
      Duration deadline = rung.duration("deadline", MINUTE, SECOND, DAY);
      Section with = rung.section("with");
      Remedy remedy = remedies.get(name);
      if (remedy != null) {
        Act act = read(rung, "remedy", () -> remedy.read(with));
        if (act != null) {
          ladder.add(new Rung(name, deadline, act));
        }
      } else if (!name.isEmpty()) {
        rung.reject(
            "remedy",
            "\"" + name + "\" is no remedy",
            "one of " + String.join(", ", sorted(remedies)));
      }
    }
    return ladder;
  }
}
