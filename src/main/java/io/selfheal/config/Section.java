package io.selfheal.config;

import io.selfheal.config.Yaml.Mapping;
import io.selfheal.config.Yaml.Scalar;
import io.selfheal.config.Yaml.Sequence;
import io.selfheal.config.Yaml.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One mapping of the configuration. Every getter notes that its key is known, takes the environment
 * variable before the file and the file before the default, and notes a problem instead of
 * throwing; it then returns the default, so that reading goes on and all problems come together.
 */
public final class Section {
  private final Reading reading;
  private final String path;
  private final Mapping mapping;
  private final Set<String> known = new TreeSet<>();
  private final Map<String, List<Section>> lists = new HashMap<>();

  Section(Reading reading, String path, Mapping mapping) {
    this.reading = reading;
    this.path = path;
    this.mapping = mapping;
    reading.opened(this);
  }

  /** The dotted path of a key here. */
  public String key(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Whether the file or the environment says anything of a key; notes that it is known. */
  public boolean has(String name) {
    return raw(name).isPresent();
  }

  /** Whether the file says anything of a key, be it a section; notes that it is known. */
  public boolean says(String name) {
    known.add(name);
    Value value = mapping.entries().get(name);
    return value != null && !(value instanceof Scalar scalar && scalar.isNull());
  }

  /** A text. */
  public String text(String name, String fallback) {
    return scalar(name, fallback, "a text", Optional::of, text -> text);
  }

  /** A text, or empty when nothing is said. */
  public Optional<String> text(String name) {
    return has(name) ? Optional.of(text(name, "")) : Optional.empty();
  }

  /** A text without which nothing goes; {@code hint} tells what to write. */
  public String required(String name, String hint) {
    Optional<String> value = text(name).filter(text -> !text.isBlank());
    if (value.isEmpty()) {
      reading.problem(reading.at(mapping.line()), key(name), "is missing", hint);
    }
    return value.orElse("");
  }

  /**
   * A text that is never shown.
   *
   * @param absent the word for what applies when nothing is said; it is no secret
   */
  public Optional<Secret> secret(String name, String absent) {
    Optional<Raw> raw = raw(name);
    if (raw.isEmpty()) {
      reading.effective(key(name), absent, "default");
      return Optional.empty();
    }
    String shown = raw.get().text().strip().equals(absent) ? absent : Secret.MASK;
    reading.effective(key(name), shown, raw.get().source());
    return Optional.of(new Secret(raw.get().text()));
  }

  /** A whole number. */
  public int integer(String name, int fallback, int least, int most) {
    return scalar(
        name,
        fallback,
        "a whole number from " + least + " to " + most,
        text -> wholeNumber(text, least, most),
        String::valueOf);
  }

  /** A duration such as {@code 30s}. */
  public Duration duration(String name, Duration fallback, Duration least, Duration most) {
    String range = Quantity.text(least) + " to " + Quantity.text(most);
    return scalar(
        name,
        fallback,
        "a duration such as 500ms, 30s, 5m, 2h or 7d, from " + range,
        text ->
            Quantity.duration(text)
                .filter(value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0),
        Quantity::text);
  }

  /** A size in bytes such as {@code 256MiB}. */
  public long bytes(String name, long fallback, long least, long most) {
    return scalar(
        name,
        fallback,
        "a size such as 64MiB, from " + least + " to " + most + " bytes",
        text -> Quantity.bytes(text).filter(value -> value >= least && value <= most),
        value -> value + "B");
  }

  /** A share from 0 to 1, written so or with a percent sign, such as {@code 85%}. */
  public double share(String name, double fallback) {
    return scalar(
        name,
        fallback,
        "a share such as 85% or 0.85",
        Quantity::share,
        value -> Math.round(value * 1000) / 10.0 + "%");
  }

  /** A number. */
  public double number(String name, double fallback, double least, double most) {
    return scalar(
        name,
        fallback,
        "a number from " + least + " to " + most,
        text -> Quantity.number(text).filter(value -> value >= least && value <= most),
        String::valueOf);
  }

  /** true or false. */
  public boolean flag(String name, boolean fallback) {
    return scalar(
        name,
        fallback,
        "true or false",
        text ->
            switch (text) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            },
        String::valueOf);
  }

  /** A path. */
  public Optional<Path> path(String name) {
    return text(name).map(Path::of);
  }

  /** One of an enum's constants, written in lower case. */
  public <E extends Enum<E>> E choice(String name, E fallback, Class<E> type) {
    List<String> allowed = Arrays.stream(type.getEnumConstants()).map(Section::lower).toList();
    Optional<Raw> raw = raw(name);
    if (raw.isEmpty()) {
      reading.effective(key(name), lower(fallback), "default");
      return fallback;
    }
    for (E constant : type.getEnumConstants()) {
      if (lower(constant).equals(raw.get().text())) {
        reading.effective(key(name), lower(constant), raw.get().source());
        return constant;
      }
    }
    String cause = "\"" + raw.get().text() + "\" is not a choice here";
    reading.problem(
        raw.get().source(), key(name), cause, Suggestion.among(raw.get().text(), allowed));
    return fallback;
  }

  /** A list of texts; a single text is a list of one. */
  public List<String> texts(String name, List<String> fallback) {
    known.add(name);
    Value value = mapping.entries().get(name);
    if (value == null || (value instanceof Scalar scalar && scalar.isNull())) {
      reading.effective(key(name), fallback.toString(), "default");
      return fallback;
    }
    List<String> texts = new ArrayList<>();
    List<Value> items = value instanceof Sequence sequence ? sequence.items() : List.of(value);
    for (Value item : items) {
      if (item instanceof Scalar scalar) {
        texts.add(scalar.text());
        continue;
      }
      reading.problem(reading.at(item.line()), key(name), "is not a list of texts", "[a, b]");
    }
    reading.effective(key(name), Arguments.shown(texts).toString(), reading.at(value.line()));
    return List.copyOf(texts);
  }

  /** A mapping of texts that are never shown, in the order of the file. */
  public Map<String, String> secrets(String name) {
    known.add(name);
    Map<String, String> secrets = new LinkedHashMap<>();
    Section inner = section(name);
    for (String entry : inner.mapping.entries().keySet()) {
      secrets.put(entry, inner.secret(entry, "").map(Secret::reveal).orElse(""));
    }
    return secrets;
  }

  /** A section below; an empty one when nothing is said. */
  public Section section(String name) {
    known.add(name);
    Value value = mapping.entries().get(name);
    if (value instanceof Mapping below) {
      return new Section(reading, key(name), below);
    }
    if (value != null && !(value instanceof Scalar scalar && scalar.isNull())) {
      reading.problem(
          reading.at(value.line()), key(name), "is not a mapping", "write keys below it");
    }
    return new Section(reading, key(name), new Mapping(mapping.line(), Map.of()));
  }

  /** A list of sections; the same ones for each concern that reads a part of them. */
  public List<Section> sections(String name) {
    known.add(name);
    return lists.computeIfAbsent(name, this::entries);
  }

  private List<Section> entries(String name) {
    Value value = mapping.entries().get(name);
    List<Section> sections = new ArrayList<>();
    if (value == null || (value instanceof Scalar scalar && scalar.isNull())) {
      return sections;
    }
    if (!(value instanceof Sequence sequence)) {
      reading.problem(
          reading.at(value.line()), key(name), "is not a list", "begin each entry with \"- \"");
      return sections;
    }
    for (int i = 0; i < sequence.items().size(); i++) {
      Value item = sequence.items().get(i);
      String at = key(name) + "[" + i + "]";
      if (item instanceof Mapping below) {
        sections.add(new Section(reading, at, below));
        continue;
      }
      reading.problem(reading.at(item.line()), at, "is not a mapping", "write \"- name: …\"");
    }
    return sections;
  }

  /** All that the file says here, in a form that is the same for the same content. */
  public String written() {
    return Yaml.written(mapping);
  }

  /** Notes a problem of a value that only its concern can judge. */
  public void reject(String name, String cause, String hint) {
    // Not by raw(): the value may rightly be a list or a mapping.
    String where = reading.environment(key(name)).map(Raw::source).orElse(reading.at(lineOf(name)));
    reading.problem(where, key(name), cause, hint);
  }

  void refuseUnknownKeys() {
    mapping
        .entries()
        .forEach(
            (name, value) -> {
              if (!known.contains(name)) {
                reading.problem(
                    reading.at(value.line()),
                    key(name),
                    "is not a known key",
                    Suggestion.among(name, known));
              }
            });
  }

  private int lineOf(String name) {
    Value value = mapping.entries().get(name);
    return value == null ? mapping.line() : value.line();
  }

  private <T> T scalar(
      String name,
      T fallback,
      String form,
      Function<String, Optional<T>> parse,
      Function<T, String> show) {
    Optional<Raw> raw = raw(name);
    if (raw.isEmpty()) {
      reading.effective(key(name), show.apply(fallback), "default");
      return fallback;
    }
    Optional<T> value = parse.apply(raw.get().text());
    if (value.isEmpty()) {
      String cause = "\"" + raw.get().text() + "\" is not " + form;
      reading.problem(raw.get().source(), key(name), cause, "");
      return fallback;
    }
    reading.effective(key(name), show.apply(value.get()), raw.get().source());
    return value.get();
  }

  private Optional<Raw> raw(String name) {
    known.add(name);
    Optional<Raw> fromEnvironment = reading.environment(key(name));
    if (fromEnvironment.isPresent()) {
      return fromEnvironment;
    }
    Value value = mapping.entries().get(name);
    if (value instanceof Scalar scalar && !scalar.isNull()) {
      return Optional.of(new Raw(scalar.text(), reading.at(scalar.line())));
    }
    if (value != null && !(value instanceof Scalar)) {
      reading.problem(reading.at(value.line()), key(name), "is not a single value", "");
    }
    return Optional.empty();
  }

  private static Optional<Integer> wholeNumber(String text, int least, int most) {
    try {
      int value = Integer.parseInt(text.strip());
      return value >= least && value <= most ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** A value as it was written, and where. */
  record Raw(String text, String source) {}
}
