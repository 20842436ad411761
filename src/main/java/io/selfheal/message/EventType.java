package io.selfheal.message;

import java.util.Locale;

/**
 * Derives {@code incident.remedy_started} from {@code IncidentEvent.RemedyStarted}, once a class.
 */
final class EventType {
  private static final ClassValue<String> NAMES =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          return derive(type);
        }
      };

  private EventType() {}

  static String of(Class<?> type) {
    return NAMES.get(type);
  }

  private static String derive(Class<?> type) {
    Class<?> family = type.getEnclosingClass();
    if (family == null) {
      throw new IllegalArgumentException(type + " is not nested in its concern's interface");
    }
    String concern = family.getSimpleName().replace("Event", "");
    return snake(concern) + "." + snake(type.getSimpleName());
  }

  private static String snake(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
