package io.selfheal.remedy;

import java.util.Optional;

/**
 * What the subject of a symptom names, see {@link io.selfheal.message.Subject}. Pure.
 *
 * @param kind before the first slash: {@code source}, {@code job}, {@code worker}, {@code service}
 * @param rest behind it
 */
record Named(String kind, String rest) {
  static Named of(String subject) {
    int slash = subject.indexOf('/');
    return slash < 0
        ? new Named(subject, "")
        : new Named(subject.substring(0, slash), subject.substring(slash + 1));
  }

  /** The source, of a source or of one of its jobs. */
  Optional<String> source() {
    return switch (kind) {
      case "source" -> Optional.of(rest);
      case "job" -> Optional.of(rest.substring(0, Math.max(0, rest.indexOf('/'))));
      default -> Optional.empty();
    };
  }

  /** The job's id, which may have slashes in it. */
  Optional<String> job() {
    return kind.equals("job")
        ? Optional.of(rest.substring(rest.indexOf('/') + 1))
        : Optional.empty();
  }

  /** The worker of an instance such as {@code images.1} or {@code images@4711}. */
  Optional<String> worker() {
    return kind.equals("worker") ? Optional.of(rest.split("[.@]", 2)[0]) : Optional.empty();
  }

  /** The service. */
  Optional<String> service() {
    return kind.equals("service") ? Optional.of(rest) : Optional.empty();
  }
}
