package io.selfheal.message;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Failures that workers report. */
public sealed interface ErrorEvent extends Event {
  /**
   * A failure was reported. Its type is {@code error} alone, and so is its name.
   *
   * @param errorId UUIDv7
   * @param summary one sentence for an operator
   */
  @SuppressWarnings("JavaLangClash")
  record Error(String errorId, String summary, ErrorReport report) implements ErrorEvent {
    @Override
    public String subject() {
      return Stream.of(
              named("job/", report.job()),
              named("worker/", report.worker()),
              named("service/", report.service()),
              named("component/", report.component()))
          .flatMap(one -> one)
          .findFirst()
          .orElse(Subject.HOST);
    }

    private static Stream<String> named(String kind, @Nullable String of) {
      return of == null ? Stream.empty() : Stream.of(kind + of);
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }
}
