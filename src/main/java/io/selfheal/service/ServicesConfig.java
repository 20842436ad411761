package io.selfheal.service;

import io.selfheal.config.Section;
import io.selfheal.config.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The list {@code services}: what workers call, and ask leave for. Default: none. */
public record ServicesConfig(List<ServiceConfig> services) {
  private static final int MOST = 100_000;

  /** Copies the list. */
  public ServicesConfig {
    services = List.copyOf(services);
  }

  /** How long a permit of each service may go unreported, by its name. */
  public Map<String, Duration> permitExpiries() {
    return services.stream()
        .collect(
            Collectors.toMap(
                ServiceConfig::name, one -> one.limits().permitExpiry(), (one, twice) -> one));
  }

  /** How many there are. */
  public int size() {
    return services.size();
  }

  /** Reads the key {@code services} of the root section; notes every problem there. */
  public static ServicesConfig from(Section root) {
    List<Section> sections = root.sections("services");
    List<ServiceConfig> services = new ArrayList<>();
    Map<String, ServiceConfig> names = new LinkedHashMap<>();
    for (Section section : sections) {
      ServiceConfig service = ServiceConfig.from(section);
      if (names.putIfAbsent(service.name(), service) != null) {
        section.reject("name", "is the name of two services", "give each service its own");
      }
      services.add(service);
    }
    if (services.size() > MOST) {
      root.reject("services", "has more than " + MOST + " entries", "run a second agent");
    }
    for (int i = 0; i < services.size(); i++) {
      checkAlternative(sections.get(i), services.get(i), names);
    }
    return new ServicesConfig(services);
  }

  private static void checkAlternative(
      Section section, ServiceConfig service, Map<String, ServiceConfig> names) {
    Optional<String> alternative = service.alternative();
    if (alternative.isEmpty()) {
      return;
    }
    String name = alternative.get();
    if (!names.containsKey(name)) {
      section.reject(
          "alternative",
          "no service is named \"" + name + "\"",
          Suggestion.among(name, names.keySet()));
      return;
    }
    if (leadsBack(service, names)) {
      section.reject(
          "alternative",
          "leads back to " + service.name(),
          "let the last of the row have no alternative");
    }
  }

  private static boolean leadsBack(ServiceConfig from, Map<String, ServiceConfig> names) {
    Set<String> seen = new HashSet<>();
    Optional<String> next = from.alternative();
    while (next.isPresent() && seen.add(next.get())) {
      if (next.get().equals(from.name())) {
        return true;
      }
      next = Optional.ofNullable(names.get(next.get())).flatMap(ServiceConfig::alternative);
    }
    return false;
  }
}
