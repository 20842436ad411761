package io.selfheal.live;

import io.selfheal.message.Recorded;
import io.selfheal.message.Severity;
import io.selfheal.message.TypePattern;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which events a client wants. Equal filters share their batches. */
final class Filter {
  /** Every event. */
  static final Filter ALL = new Filter(List.of(), Severity.INFO, null);

  private final List<String> types;
  private final Severity least;
  private final @Nullable String subject;
  private final TypePattern pattern;

  /**
   * @param types see {@link TypePattern}; empty: all
   * @param least this severity or a worse one
   * @param subject a subject, or the beginning of subjects followed by a star; null: all
   */
  Filter(List<String> types, Severity least, @Nullable String subject) {
    this.types = types.stream().distinct().sorted().toList();
    this.least = least;
    this.subject = subject;
    this.pattern = TypePattern.of(this.types);
  }

  boolean matches(Recorded event) {
    return event.severity().compareTo(least) >= 0
        && pattern.matches(event.type())
        && subjectMatches(event.subject());
  }

  private boolean subjectMatches(String name) {
    if (subject == null) {
      return true;
    }
    if (subject.endsWith("*")) {
      return name.startsWith(subject.substring(0, subject.length() - 1));
    }
    return name.equals(subject);
  }

  /** What the journal can leave out by itself; severity and beginnings of subjects it cannot. */
  List<String> journalTypes() {
    return types;
  }

  /** The subject for the journal, or null. */
  @Nullable String journalSubject() {
    return subject == null || subject.endsWith("*") ? null : subject;
  }

  /** Whether the journal leaves nothing out, so that a missing offset is a missing event. */
  boolean readsAll() {
    return pattern.all() && journalSubject() == null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Filter that
        && types.equals(that.types)
        && least == that.least
        && Objects.equals(subject, that.subject);
  }

  @Override
  public int hashCode() {
    return Objects.hash(types, least, subject);
  }

  @Override
  public String toString() {
    return "types " + types + ", severity " + least + ", subject " + subject;
  }
}
