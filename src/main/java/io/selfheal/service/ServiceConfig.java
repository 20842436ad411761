package io.selfheal.service;

import io.selfheal.config.Section;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One entry of {@code services}. A section that is not written has its defaults and is not listed
 * among the settings: ten thousand services would make a long list.
 *
 * @param name letters, digits, {@code . _ -}, at most 63; unique. {@code database} and {@code
 *     source_…} are the agent's own
 * @param kind {@code kind}: api, ai, database or other; default api
 * @param budget none by default
 * @param alternative {@code alternative}: the service that stands in for it; none by default
 * @param probe none by default
 */
record ServiceConfig(
    String name,
    Kind kind,
    BreakerConfig breaker,
    LimitsConfig limits,
    Optional<BudgetConfig> budget,
    RetryConfig retries,
    Optional<String> alternative,
    Optional<ProbeConfig> probe) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /** What it is. */
  enum Kind {
    API,
    AI,
    DATABASE,
    OTHER;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static ServiceConfig from(Section section) {
    String name = section.required("name", "write name: and then letters, digits, . _ or -");
    if (!name.isBlank() && !NAME.matcher(name).matches()) {
      section.reject(
          "name",
          "\"" + name + "\" is not a name",
          "letters, digits, dots, dashes and underscores, at most 63");
    }
    if (name.equals("database") || name.startsWith("source_")) {
      section.reject(
          "name", "\"" + name + "\" is a database of the agent's own", "choose another name");
    }
    return new ServiceConfig(
        name,
        section.choice("kind", Kind.API, Kind.class),
        part(section, "breaker", BreakerConfig::from).orElse(BreakerConfig.DEFAULT),
        part(section, "limits", LimitsConfig::from).orElse(LimitsConfig.DEFAULT),
        part(section, "budget", BudgetConfig::from).flatMap(budget -> budget),
        part(section, "retry_budget", RetryConfig::from).orElse(RetryConfig.DEFAULT),
        section.text("alternative"),
        part(section, "probe", ProbeConfig::from).flatMap(probe -> probe));
  }

  private static <T> Optional<T> part(Section section, String name, Function<Section, T> read) {
    return section.says(name) ? Optional.of(read.apply(section.section(name))) : Optional.empty();
  }
}
