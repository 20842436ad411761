package io.selfheal.error;

import io.selfheal.message.ErrorReport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One sentence of a failure. Pure. */
final class Summary {
  private static final int LONGEST = 200;

  private Summary() {}

  /** Such as {@code ValueError in images, job 42: no such size}. */
  static String of(ErrorReport error) {
    String where =
        Stream.of(
                part("in ", error.component()),
                part("of worker ", error.worker()),
                part("job ", error.job()),
                part("calling ", error.service()))
            .flatMap(one -> one)
            .collect(Collectors.joining(", "));
    String said = error.message() == null ? "" : firstLine(error.message());
    String sentence =
        error.type() + (where.isEmpty() ? "" : " " + where) + (said.isEmpty() ? "" : ": " + said);
    return clipped(sentence);
  }

  /** No character is cut in half. */
  private static String clipped(String sentence) {
    if (sentence.length() <= LONGEST) {
      return sentence;
    }
    boolean halved = Character.isHighSurrogate(sentence.charAt(LONGEST - 1));
    return sentence.substring(0, halved ? LONGEST - 1 : LONGEST) + "…";
  }

  private static Stream<String> part(String word, @Nullable String value) {
    return value == null ? Stream.empty() : Stream.of(word + value);
  }

  private static String firstLine(String message) {
    return message
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse("");
  }
}
