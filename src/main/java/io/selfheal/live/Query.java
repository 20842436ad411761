package io.selfheal.live;

import io.selfheal.message.Severity;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client asks for in its address, checked before the upgrade. */
sealed interface Query {
  /** A good one; {@code since} null: from now on. */
  record Good(Filter filter, @Nullable Place since) implements Query {}

  /** A bad one. */
  record Bad(String parameter, String reason) implements Query {}

  /** Reads the decoded parameters; an unknown or a doubled one is bad. */
  static Query parse(Iterable<Map.Entry<String, String>> parameters) {
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, String> parameter : parameters) {
      String name = parameter.getKey();
      if (!Words.KNOWN.contains(name)) {
        return new Bad(name, "is not known here; known are " + String.join(", ", Words.KNOWN));
      }
      if (values.put(name, parameter.getValue()) != null) {
        return new Bad(name, "is given twice");
      }
    }
    return read(values);
  }

  private static Query read(Map<String, String> values) {
    List<String> types = Words.list(values.get("types"));
    for (String type : types) {
      if (!Words.TYPE.matcher(type).matches()) {
        return new Bad("types", "\"" + type + "\" is not a type such as error or breaker.*");
      }
    }
    Optional<Severity> least = Words.severity(values.getOrDefault("severity", "info"));
    if (least.isEmpty()) {
      return new Bad("severity", "is not info, warning or critical");
    }
    String subject = values.get("subject");
    if (subject != null && subject.isBlank()) {
      return new Bad("subject", "is empty; write a subject such as worker/images.1 or worker/*");
    }
    Filter filter = new Filter(types, least.get(), subject);
    String since = values.get("since");
    if (since == null) {
      return new Good(filter, null);
    }
    return Place.parse(since)
        .<Query>map(place -> new Good(filter, place))
        .orElse(new Bad("since", "is not EPOCH:OFFSET, two whole numbers"));
  }

  /** The words of the query. */
  final class Words {
    private static final List<String> KNOWN = List.of("types", "severity", "subject", "since");
    private static final Pattern TYPE = Pattern.compile("\\*|[a-z_]+(\\.([a-z_]+|\\*))?");

    private Words() {}

    private static List<String> list(@Nullable String text) {
      if (text == null) {
        return List.of();
      }
      return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    private static Optional<Severity> severity(String text) {
      return Arrays.stream(Severity.values())
          .filter(severity -> severity.name().toLowerCase(Locale.ROOT).equals(text))
          .findFirst();
    }
  }
}
