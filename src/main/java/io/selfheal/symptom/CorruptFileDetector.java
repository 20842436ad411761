package io.selfheal.symptom;

import io.selfheal.file.Failure;
import io.selfheal.file.Mark;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all files once a second, and reads those that changed, and in turn all others, a bit at
 * each look: never more than the rate allows.
 */
final class CorruptFileDetector implements Detector {
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** A look that comes late may not make up for more than this. */
  private static final Duration MOST = Duration.ofSeconds(2);

  private final CorruptFile.Settings settings;
  private final Expectations expectations;
  private final Map<Path, FileState> files = new LinkedHashMap<>();
  private @Nullable Pass pass;
  private @Nullable Long last;

  CorruptFileDetector(CorruptFile.Settings settings) {
    this.settings = settings;
    this.expectations = new Expectations(settings);
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(EVERY);
  }

  @Override
  public List<Reading> look(Surroundings around) throws IOException {
    long now = around.time().mark();
    Duration passed = last == null ? EVERY : around.time().since(last);
    last = now;
    Map<Path, String> expected;
    try {
      expected = expectations.now(around.time());
    } catch (IOException unclear) {
      return unclear(unclear);
    }
    List<Reading> readings = new ArrayList<>(forget(expected.keySet()));
    expected.keySet().forEach(path -> sight(path, now));
    spend(allowance(passed), around);
    expected.forEach((path, sum) -> readings.add(reading(path, sum, around)));
    return readings;
  }

  /** What is expected is not known now: nothing can be said of any file. */
  private List<Reading> unclear(IOException why) throws IOException {
    if (files.isEmpty()) {
      throw why;
    }
    return files.keySet().stream()
        .map(
            path ->
                new Reading(Subject.file(path), Presence.UNKNOWN, String.valueOf(why.getMessage())))
        .toList();
  }

  /** Files of which nothing is expected any more. */
  private List<Reading> forget(Set<Path> expected) {
    Set<Path> gone = new HashSet<>(files.keySet());
    gone.removeAll(expected);
    gone.forEach(files::remove);
    if (pass != null && gone.contains(pass.path())) {
      close();
    }
    return gone.stream()
        .map(path -> new Reading(Subject.file(path), Presence.GONE, "nothing is expected of it"))
        .toList();
  }

  private void sight(Path path, long now) {
    FileState before = files.get(path);
    FileState after = sighted(path, before, now);
    files.put(path, after);
    if (pass != null && pass.path().equals(path) && !after.equals(before)) {
      close();
    }
  }

  private static FileState sighted(Path path, @Nullable FileState before, long now) {
    try {
      Mark mark = Mark.of(path);
      return before == null ? FileState.first(mark, now) : before.seen(mark, now);
    } catch (NoSuchFileException missing) {
      return before == null ? FileState.first(null, now) : before.seen(null, now);
    } catch (IOException hidden) {
      FileState known = before == null ? FileState.first(null, now) : before;
      return known.hidden(Failure.why(hidden), now);
    }
  }

  private long allowance(Duration passed) {
    Duration counted = passed.compareTo(MOST) > 0 ? MOST : passed;
    return (long) (settings.rate() * (counted.toNanos() / 1e9));
  }

  private void spend(long most, Surroundings around) {
    long left = most;
    while (left > 0) {
      if (pass == null && !begin(around)) {
        return;
      }
      left -= read(left, around.time().mark());
    }
  }

  /** Begins with what was never read, then with what was read longest ago. */
  private boolean begin(Surroundings around) {
    long now = around.time().mark();
    Optional<Path> next =
        files.entrySet().stream()
            .filter(one -> settled(one.getValue(), around))
            .filter(one -> one.getValue().due(now, settings.patience()))
            .min(
                Comparator.comparing(
                        (Map.Entry<Path, FileState> one) -> one.getValue().sum() != null)
                    .thenComparing(one -> one.getValue().read() - now))
            .map(Map.Entry::getKey);
    if (next.isEmpty()) {
      return false;
    }
    FileState state = known(next.get());
    try {
      pass = Pass.of(next.get(), Objects.requireNonNull(state.mark()));
    } catch (IOException failure) {
      files.put(next.get(), state.unreadable(Failure.why(failure), now));
    }
    return true;
  }

  /** Reads on in the file that is being read; what it costs besides bytes counts as one. */
  private long read(long most, long now) {
    Pass current = pass;
    if (current == null) {
      return 1;
    }
    FileState state = known(current.path());
    try {
      long bytes = current.read(most);
      if (current.ended()) {
        close();
        current.sum().ifPresent(sum -> files.put(current.path(), state.read(sum, now)));
      }
      return Math.max(1, bytes);
    } catch (IOException failure) {
      close();
      files.put(current.path(), state.unreadable(Failure.why(failure), now));
      return 1;
    }
  }

  private FileState known(Path path) {
    return Objects.requireNonNull(files.get(path));
  }

  private boolean settled(FileState state, Surroundings around) {
    return state.settled(age(state, around), around.time().mark(), settings.patience());
  }

  private static Duration age(FileState state, Surroundings around) {
    Mark mark = state.mark();
    return mark == null ? Duration.ZERO : Duration.between(mark.changed(), around.time().now());
  }

  private Reading reading(Path path, String sum, Surroundings around) {
    FileState state = known(path);
    Optional<String> progress =
        pass != null && pass.path().equals(path) ? Optional.of(pass.progress()) : Optional.empty();
    return state.reading(
        Subject.file(path),
        path,
        sum,
        age(state, around),
        progress,
        around.time().mark(),
        settings.patience());
  }

  @Override
  public void close() {
    if (pass != null) {
      pass.close();
      pass = null;
    }
  }
}
