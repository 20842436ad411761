package io.selfheal.symptom;

import io.selfheal.file.Mark;
import io.selfheal.message.Presence;
import io.selfheal.rule.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one file that has an expected sum. Pure.
 *
 * @param mark what it was at the last look; null when it was not there or could not be looked at
 * @param since the mark on the forward clock from which it has been so
 * @param trouble why it cannot be looked at or read; null when it can
 * @param sum what was read; null when it was not read since it changed
 * @param read the mark on the forward clock when it was read, or could not be
 * @param found whether it was so already at the first look of all
 */
record FileState(
    @Nullable Mark mark,
    long since,
    @Nullable String trouble,
    @Nullable String sum,
    long read,
    boolean found) {
  /** After so long reading is tried again. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /**
   * How patient it is.
   *
   * @param settle how long a file must be as it is to be read
   * @param full how long what was read is believed
   */
  record Patience(Duration settle, Duration full) {}

  /** At the first look; null: there is no such file. */
  static FileState first(@Nullable Mark mark, long now) {
    return new FileState(mark, now, null, null, now, true);
  }

  /** After a look; null: there is no such file. */
  FileState seen(@Nullable Mark next, long now) {
    boolean same = Objects.equals(mark, next) && (mark != null || trouble == null);
    return same ? this : new FileState(next, now, null, null, now, false);
  }

  /** It could not be looked at. */
  FileState hidden(String why, long now) {
    boolean same = mark == null && why.equals(trouble);
    return same ? this : new FileState(null, now, why, null, now, false);
  }

  /** All of it was read, and it did not change meanwhile. */
  FileState read(String actual, long now) {
    return new FileState(mark, since, null, actual, now, found);
  }

  /** It could not be read. */
  FileState unreadable(String why, long now) {
    return new FileState(mark, since, why, null, now, found);
  }

  /**
   * Whether it is old enough to be read: by how long it was seen unchanged. Only what was there at
   * the first look is believed its own dates: they are from a clock that may go wrong.
   *
   * @param age since it was changed, by the clock of the day
   */
  boolean settled(Duration age, long now, Patience patience) {
    return (found && age.compareTo(patience.settle()) >= 0)
        || Duration.ofNanos(now - since).compareTo(patience.settle()) >= 0;
  }

  /** Whether it should be read now, given that it is settled. */
  boolean due(long now, Patience patience) {
    if (mark == null || !mark.regular()) {
      return false;
    }
    Duration passed = Duration.ofNanos(now - read);
    if (trouble != null) {
      return passed.compareTo(AGAIN) >= 0;
    }
    return sum == null || passed.compareTo(patience.full()) >= 0;
  }

  /**
   * What it says.
   *
   * @param age since it was changed, by the clock of the day
   * @param progress how far it has been read; empty when it is not being read
   */
  Reading reading(
      String subject,
      Path path,
      String expected,
      Duration age,
      Optional<String> progress,
      long now,
      Patience patience) {
    if (trouble != null) {
      return unknown(subject, path + " cannot be checked: " + trouble);
    }
    if (mark == null) {
      Duration missing = Duration.ofNanos(now - since);
      return missing.compareTo(patience.settle()) < 0
          ? unknown(subject, path + " is missing; it may be about to be replaced")
          : new Reading(subject, Presence.PRESENT, path + " is missing");
    }
    if (!mark.regular()) {
      return new Reading(subject, Presence.PRESENT, path + " is no regular file");
    }
    if (!settled(age, now, patience)) {
      return unknown(subject, path + " was changed just now; it may still be being written");
    }
    if (sum == null) {
      return unknown(subject, path + " was not read yet since it changed" + said(progress));
    }
    boolean good = sum.equals(expected);
    String words =
        good
            ? "%s has its sum %s".formatted(path, begin(sum))
            : "%s has the sum %s instead of %s".formatted(path, begin(sum), begin(expected));
    return new Reading(
        subject,
        good ? Presence.ABSENT : Presence.PRESENT,
        words,
        Map.of("size_bytes", (double) mark.bytes()));
  }

  private static Reading unknown(String subject, String why) {
    return new Reading(subject, Presence.UNKNOWN, why);
  }

  private static String said(Optional<String> progress) {
    return progress.map(far -> " (" + far + ")").orElse("");
  }

  private static String begin(String sum) {
    return sum.substring(0, Math.min(12, sum.length())) + "…";
  }
}
