package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;
import java.time.Duration;
import java.util.List;

/**
 * Jobs of a source are stuck: they run past what they are allowed, or their holder is dead or seems
 * so. Subject: {@code source/NAME}.
 *
 * <p>Keys of {@code where}: {@code source}, a name or a list of names (default: every source);
 * {@code kind} (any): {@code left}: only those that the next sweep would leave as they are, and
 * that so wait for their age, their library or a person; {@code every} (30s, 1s to 1h). Key of
 * {@code enter}: {@code jobs} (1, 1 to 1000). It is gone when there are none.
 *
 * <p>The built-in healing sweeps stuck jobs at once. A rule comes beside it: with {@code for} it
 * tells of those that stay stuck. A source that cannot be read is unknown.
 */
final class JobStuck implements Symptom {
  @Override
  public String name() {
    return "job_stuck";
  }

  @Override
  public String description() {
    return "jobs of a source run past what they are allowed, or their holder is dead";
  }

  /** Which stuck jobs count. */
  enum Kind {
    /** All. */
    ANY,
    /** Those that the next sweep would leave. */
    LEFT
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    List<String> sources = where.texts("source", List.of());
    Kind kind = where.choice("kind", Kind.ANY, Kind.class);
    Duration every =
        where.duration("every", Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofHours(1));
    int jobs = enter.integer("jobs", 1, 1, 1000);
    return () -> new StuckDetector(sources, kind, every, jobs);
  }
}
