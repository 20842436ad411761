package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.file.Sums;
import io.selfheal.rule.Symptom;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code corrupt_file}: a file's content is not what it should be, or it is missing. One subject a
 * file: {@code file/var/lib/models/a.bin}. {@code where}:
 *
 * <ul>
 *   <li>{@code manifest}: a file as sha256sum(1) writes it; read again when it changes
 *   <li>{@code base}: the directory that names are below; default that of the manifest
 *   <li>{@code expected}: lines of the same form in the rule itself; at least one of both is needed
 *   <li>{@code settle}: a file, or a manifest, that was changed within this time is unknown, for it
 *       may still be being written; 1s to 1h, default 5s
 *   <li>{@code full}: after this time a file is read again although nothing shows a change: disks
 *       forget; 1m to 365d, default 1d
 *   <li>{@code rate}: so many bytes are read in a second; 64KiB to 10GiB, default 16MiB. A change
 *       is known after size / rate at the latest, so {@code verify_within} must be longer
 * </ul>
 *
 * <p>It has no {@code enter} and no {@code leave}. A deploy that replaces files one after the other
 * and the manifest last is a mismatch meanwhile: let {@code for} be longer than a deploy.
 */
final class CorruptFile implements Symptom {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long MIB = 1 << 20;

  /**
   * What a rule says of it; see the class.
   *
   * @param expected sums by name
   */
  record Settings(
      Optional<Path> manifest,
      Path base,
      Map<String, String> expected,
      FileState.Patience patience,
      long rate) {
    /** Copies the sums. */
    Settings {
      expected = Map.copyOf(expected);
    }
  }

  @Override
  public String name() {
    return "corrupt_file";
  }

  @Override
  public String description() {
    return "A file does not have the sha256 sum that it should have, or is missing.";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    Optional<Path> manifest = where.path("manifest");
    manifest
        .filter(path -> !path.isAbsolute())
        .ifPresent(path -> where.reject("manifest", "is not absolute", "begin it with /"));
    Map<String, String> expected = expected(where);
    if (manifest.isEmpty() && expected.isEmpty()) {
      where.reject(
          "manifest", "is missing, and so is expected", "a file as sha256sum writes it, or lines");
    }
    Settings settings =
        new Settings(
            manifest,
            base(where, manifest),
            expected,
            new FileState.Patience(
                where.duration("settle", Duration.ofSeconds(5), SECOND, Duration.ofHours(1)),
                where.duration(
                    "full", Duration.ofDays(1), Duration.ofMinutes(1), Duration.ofDays(365))),
            where.bytes("rate", 16 * MIB, MIB / 16, 10_240 * MIB));
    return () -> new CorruptFileDetector(settings);
  }

  private static Path base(Section where, Optional<Path> manifest) {
    Optional<Path> base = where.path("base");
    if (base.isPresent() && !base.get().isAbsolute()) {
      where.reject("base", "is not absolute", "begin it with /");
    }
    Path beside = manifest.map(Path::getParent).orElse(Path.of("/"));
    return base.orElse(beside);
  }

  private static Map<String, String> expected(Section where) {
    List<String> lines = where.texts("expected", List.of());
    Sums sums = Sums.parse(lines);
    sums.problems()
        .forEach(
            problem ->
                where.reject("expected", problem, "64 hexadecimal digits, two spaces, the name"));
    return new LinkedHashMap<>(sums.byName());
  }
}
