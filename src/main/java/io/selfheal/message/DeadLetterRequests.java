package io.selfheal.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is answered about jobs that are not tried again. */
public final class DeadLetterRequests {
  /** Dead letters, newest first. */
  public static final Request<ListDeadLetters, DeadLetters> LIST =
      new Request<>("dead_letter.list", ListDeadLetters.class, DeadLetters.class);

  private DeadLetterRequests() {}

  /**
   * Asks for dead letters.
   *
   * @param source null: of all sources
   * @param before only those with a smaller id; null: from the newest
   */
  public record ListDeadLetters(@Nullable String source, @Nullable Long before, int limit) {}

  /** Dead letters, newest first; {@code next} is the {@code before} of the page after, or null. */
  public record DeadLetters(List<DeadLetter> deadLetters, @Nullable String next) {}
}
