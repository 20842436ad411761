package io.selfheal.message;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Derives {@code incident.remedy_started} from {@code IncidentEvent.RemedyStarted}, once a class,
 * and finds the record of a type. A record named like its concern is that alone: {@code error}.
 */
public final class EventType {
  private static final ClassValue<String> NAMES =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          return derive(type);
        }
      };

  private static final Map<String, Class<? extends Event>> RECORDS =
      records(Event.class).collect(Collectors.toMap(EventType::of, Function.identity()));

  private EventType() {}

  /** The record of a type; empty when this version has none of it. */
  public static Optional<Class<? extends Event>> named(String type) {
    return Optional.ofNullable(RECORDS.get(type));
  }

  private static Stream<Class<? extends Event>> records(Class<? extends Event> of) {
    return of.isRecord()
        ? Stream.of(of)
        : Arrays.stream(of.getPermittedSubclasses())
            .flatMap(each -> records(each.asSubclass(Event.class)));
  }

  static String of(Class<?> type) {
    return NAMES.get(type);
  }

  private static String derive(Class<?> type) {
    Class<?> family = type.getEnclosingClass();
    if (family == null) {
      throw new IllegalArgumentException(type + " is not nested in its concern's interface");
    }
    String concern = snake(family.getSimpleName().replace("Event", ""));
    String fact = snake(type.getSimpleName());
    return fact.equals(concern) ? concern : concern + "." + fact;
  }

  private static String snake(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
