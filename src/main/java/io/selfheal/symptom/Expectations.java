package io.selfheal.symptom;

import io.selfheal.bus.Time;
import io.selfheal.file.Failure;
import io.selfheal.file.Mark;
import io.selfheal.file.Sums;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which sums are expected: the rule's own, and the manifest's as it is now. */
final class Expectations {
  private final CorruptFile.Settings settings;
  private Map<Path, String> known = Map.of();
  private @Nullable Mark manifest;
  private long since;
  private boolean first = true;
  private boolean found;

  Expectations(CorruptFile.Settings settings) {
    this.settings = settings;
  }

  /**
   * As it is now.
   *
   * @throws IOException when the manifest cannot be read, is none, or may still be being written
   */
  Map<Path, String> now(Time time) throws IOException {
    if (settings.manifest().isEmpty()) {
      known = known.isEmpty() ? resolved(settings.expected()) : known;
      return known;
    }
    Path path = settings.manifest().get();
    try {
      Mark now = Mark.of(path);
      if (!now.equals(manifest)) {
        known = read(path);
        manifest = now;
        since = time.mark();
        found = first;
      }
      first = false;
      settled(path, now, time);
      return known;
    } catch (IOException failure) {
      first = false;
      manifest = failure instanceof Unsettled ? manifest : null;
      throw failure instanceof Unsettled
          ? failure
          : new IOException(
              "the manifest "
                  + path
                  + " cannot be used: "
                  + Failure.why(failure)
                  + "; mend it, or correct where.manifest",
              failure);
    }
  }

  private void settled(Path path, Mark now, Time time) throws Unsettled {
    Duration settle = settings.patience().settle();
    Duration age = Duration.between(now.changed(), time.now());
    boolean old = found && age.compareTo(settle) >= 0;
    if (!old && time.since(since).compareTo(settle) < 0) {
      throw new Unsettled("the manifest " + path + " was changed just now");
    }
  }

  private Map<Path, String> read(Path path) throws IOException {
    Sums sums = Sums.read(path);
    if (!sums.problems().isEmpty()) {
      throw new IOException(sums.problems().getFirst());
    }
    Map<String, String> all = new LinkedHashMap<>(sums.byName());
    all.putAll(settings.expected());
    return resolved(all);
  }

  private Map<Path, String> resolved(Map<String, String> all) throws IOException {
    if (all.size() > Watched.MOST) {
      throw new IOException("it names more than " + Watched.MOST + " files");
    }
    Map<Path, String> resolved = new LinkedHashMap<>();
    for (Map.Entry<String, String> one : all.entrySet()) {
      Path path = settings.base().resolve(one.getKey()).normalize();
      if (!path.startsWith(settings.base())) {
        throw new IOException(one.getKey() + " leads out of " + settings.base());
      }
      resolved.put(path, one.getValue());
    }
    return resolved;
  }

  /** Nothing is wrong, but it is too early. */
  private static final class Unsettled extends IOException {
    private static final long serialVersionUID = 1L;

    Unsettled(String why) {
      super(why);
    }
  }
}
