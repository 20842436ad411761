package io.selfheal.heal;

import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.StuckJob;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How things are said to an operator. */
final class Words {
  private Words() {}

  /** Such as {@code 340 ms}, {@code 1.2 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
  static String duration(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + " ms";
    }
    if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    if (duration.compareTo(Duration.ofHours(1)) < 0) {
      return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
    return duration.toHours() + " h " + duration.toMinutesPart() + " min";
  }

  /** The subject without its kind: {@code images.1}, {@code source images}. */
  static String subject(String subject) {
    int slash = subject.indexOf('/');
    if (slash < 0) {
      return subject;
    }
    String kind = subject.substring(0, slash);
    return switch (kind) {
      case "worker" -> subject.substring(slash + 1);
      // What it is named by is a path, and begins with the slash.
      case "file", "mount" -> kind + " " + subject.substring(slash);
      default -> kind + " " + subject.substring(slash + 1);
    };
  }

  /** The first of them, and how many more there are: {@code images.1, images.2 and 18 more}. */
  static String subjects(List<String> subjects, int told) {
    int untold = subjects.size() - told;
    String some =
        subjects.stream().limit(told).map(Words::subject).collect(Collectors.joining(", "));
    return untold > 0 ? some + " and " + untold + " more" : some;
  }

  /** The end of an id: enough to find its lines in a log. */
  static String tail(String id) {
    return id.substring(Math.max(0, id.length() - 12));
  }

  static String pid(@Nullable ProcessIdentity process) {
    return process == null ? "no process" : "pid " + process.pid();
  }

  /** Such as {@code 1 job}, {@code 2 jobs}. */
  static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** What a sweep did, such as {@code 2 jobs requeued, 1 job failed}. */
  static String rescued(long rescued, List<StuckJob> jobs) {
    Map<Effect, Long> effects =
        jobs.stream()
            .filter(job -> job.effect() != Effect.LEAVE)
            .collect(
                Collectors.groupingBy(
                    StuckJob::effect, () -> new EnumMap<>(Effect.class), Collectors.counting()));
    long told = effects.values().stream().mapToLong(Long::longValue).sum();
    if (told != rescued) {
      return count(rescued, "job") + " rescued";
    }
    return effects.entrySet().stream()
        .map(entry -> count(entry.getValue(), "job") + " " + done(entry.getKey()))
        .collect(Collectors.joining(", "));
  }

  private static String done(Effect effect) {
    return switch (effect) {
      case REQUEUE -> "requeued";
      case RESUME -> "resumed";
      case FAIL -> "failed";
      case DEAD_LETTER -> "dead-lettered";
      case LEAVE -> "left";
    };
  }
}
