package io.selfheal.api;

import io.vertx.core.MultiMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The parameters behind the question mark; an unknown or a doubled one is refused. */
record Query(Map<String, String> values) {
  /** None at all. */
  static final Query NONE = new Query(Map.of());

  private static final int LONGEST = 1_000;

  /**
   * @throws ApiFailure for what is not in {@code known}, stands twice or is too long
   */
  static Query of(MultiMap given, Set<String> known) {
    FieldCheck check = new FieldCheck();
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : given.names()) {
      List<String> all = given.getAll(name);
      if (!known.contains(name)) {
        String hint = known.isEmpty() ? "none is" : "known are " + names(known);
        check.wrong(
            name.length() <= 64 ? name : name.substring(0, 64) + "…",
            "is not a known parameter; " + hint);
      } else if (all.size() > 1) {
        check.wrong(name, "stands more than once");
      } else {
        check.atMost(name, all.getFirst(), LONGEST);
        values.put(name, all.getFirst());
      }
    }
    check.finish();
    return new Query(values);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  /** How many: 1 to 500. */
  int limit() {
    Optional<String> text = text("limit");
    if (text.isEmpty()) {
      return 100;
    }
    if (!text.get().matches("[0-9]{1,3}")
        || Integer.parseInt(text.get()) < 1
        || Integer.parseInt(text.get()) > 500) {
      throw ApiFailure.field("limit", "must be a whole number from 1 to 500");
    }
    return Integer.parseInt(text.get());
  }

  boolean flag(String name) {
    String text = text(name).orElse("false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw ApiFailure.field(name, "must be true or false");
    };
  }

  private static String names(Set<String> known) {
    return String.join(", ", new TreeSet<>(known));
  }
}
