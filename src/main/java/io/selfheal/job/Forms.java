package io.selfheal.job;

import io.selfheal.job.SourceConfig.Holding;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Whether the holders of running jobs are written as the configuration says. The death of one that
 * is not can never be proven, and a person should know before a job is late.
 */
final class Forms {
  private final Holding holding;
  private final String mend;
  private long seen;
  private long other;
  private @Nullable String example;

  /**
   * @param mend what to set, in the library or in the agent
   */
  Forms(Holding holding, String mend) {
    this.holding = holding;
    this.mend = mend;
  }

  /** The holders of one batch of a look. */
  void add(Collection<String> holders) {
    HolderPattern pattern = holding.pattern();
    if (pattern == null || holding.only()) {
      return;
    }
    for (String holder : holders) {
      seen++;
      if (pattern.parse(holder).isEmpty()) {
        other++;
        example = example == null ? holder : example;
      }
    }
  }

  /** Whether any holder was seen. */
  boolean any() {
    return seen > 0;
  }

  /** What is wrong and how to mend it; null when nothing is. */
  @Nullable String problem() {
    String one = example;
    if (one == null) {
      return null;
    }
    return "%d of %d holders do not have the form %s, for example \"%s\": their death can never be proven; %s"
        .formatted(other, seen, holding.pattern(), Holders.shown(one), mend);
  }
}
