package io.selfheal.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One reading of a configuration file under an environment: hands out the root section, then says
 * all that was wrong. An environment variable {@code SELFHEAL_DATABASE_URL} overrides the key
 * {@code database.url}; lists cannot be overridden.
 */
public final class Reading {
  private static final String PREFIX = "SELFHEAL_";

  /**
   * Variables of ours that are no keys: agent.sh's own, the marks on workers that we run, and what
   * tells the Python client where an agent is.
   */
  private static final Set<String> NO_KEYS =
      Set.of(
          "SELFHEAL_CONFIG",
          "SELFHEAL_JAVA_OPTS",
          "SELFHEAL_BUSY",
          "SELFHEAL_WORKER",
          "SELFHEAL_INSTANCE",
          "SELFHEAL_HOME",
          "SELFHEAL_SOCKET");

  private final String file;
  private final Map<String, String> environment;
  private final Set<Problem> problems = new LinkedHashSet<>();
  private final List<Section> sections = new ArrayList<>();
  private final Map<String, Setting> settings = new TreeMap<>();
  private final Set<String> variables = new TreeSet<>();
  private final Section root;

  /**
   * Parses the text.
   *
   * @param file its name, for messages
   * @param environment the variables of the process; those of other names are not looked at
   * @throws BadConfiguration when it is not YAML at all
   */
  public Reading(String file, String text, Map<String, String> environment)
      throws BadConfiguration {
    this.file = file;
    this.environment = Map.copyOf(environment);
    this.root = new Section(this, "", Yaml.parse(file, text));
  }

  /** The whole file. */
  public Section root() {
    return root;
  }

  /** Every effective value that was read so far, by key. */
  public List<Setting> settings() {
    return List.copyOf(settings.values());
  }

  /**
   * Ends the reading.
   *
   * @throws BadConfiguration when anything was wrong, with all of it
   */
  public void finish() throws BadConfiguration {
    List.copyOf(sections).forEach(Section::refuseUnknownKeys);
    refuseUnknownVariables();
    if (!problems.isEmpty()) {
      throw new BadConfiguration(List.copyOf(problems));
    }
  }

  /** A variable that overrides nothing was surely meant to. */
  private void refuseUnknownVariables() {
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX) && !variables.contains(name) && !NO_KEYS.contains(name)) {
        String hint = Suggestion.among(name, variables);
        problem("the environment", name, "overrides no key", hint);
      }
    }
  }

  void opened(Section section) {
    sections.add(section);
  }

  void problem(String where, String key, String cause, String hint) {
    problems.add(new Problem(where, key, cause, hint));
  }

  void effective(String key, String value, String source) {
    settings.put(key, new Setting(key, value, source));
  }

  String at(int line) {
    return file + ":" + line;
  }

  Optional<Section.Raw> environment(String key) {
    if (key.contains("[")) {
      return Optional.empty();
    }
    String variable = PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
    variables.add(variable);
    String value = environment.get(variable);
    return value == null ? Optional.empty() : Optional.of(new Section.Raw(value, variable));
  }
}
