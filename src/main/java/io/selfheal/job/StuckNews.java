package io.selfheal.job;

import io.selfheal.bus.Time;
import io.selfheal.message.JobEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Says that jobs are stuck when that is news: at once when they are other ones, and again after
 * {@link #REPEAT} as long as nobody swept, so that a healer that was paused is reminded.
 */
final class StuckNews {
  /** How soon the same jobs are said again. */
  static final Duration REPEAT = Duration.ofSeconds(10);

  private static final int EXAMPLES = 10;

  private final String source;
  private final Time time;
  private List<String> said = List.of();
  private long mark;

  StuckNews(String source, Time time) {
    this.source = source;
    this.time = time;
    this.mark = time.mark();
  }

  /** What is to be said of the jobs that should be rescued. */
  Optional<JobEvent.Stuck> say(List<Judgement> acting) {
    List<String> now =
        acting.stream().map(stuck -> stuck.job().id() + " " + stuck.job().claim()).toList();
    boolean same = now.equals(said) && time.since(mark).compareTo(REPEAT) < 0;
    if (acting.isEmpty() || same) {
      return Optional.empty();
    }
    said = now;
    mark = time.mark();
    return Optional.of(
        new JobEvent.Stuck(
            source,
            acting.size(),
            acting.stream().limit(EXAMPLES).map(stuck -> stuck.of(source)).toList()));
  }

  /** A sweep was made: what is still stuck after it is news. */
  void swept() {
    said = List.of();
  }
}
