package io.selfheal.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which directories are too broad, or not anybody's to clear, to be declared. Pure. */
public final class Broad {
  /** With all that is below them. */
  private static final List<Path> SYSTEM =
      paths(
          "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sbin",
          "/sys", "/usr");

  /** What may be declared although it is below one of those. */
  private static final List<Path> BELOW_SYSTEM = paths("/dev/shm", "/usr/local");

  /** Themselves, and what they are in; what is below them may be declared. */
  private static final List<Path> WHOLE =
      paths(
          "/dev/shm",
          "/home",
          "/media",
          "/mnt",
          "/opt",
          "/root",
          "/run",
          "/srv",
          "/tmp",
          "/usr/local",
          "/var",
          "/var/cache",
          "/var/lib",
          "/var/log",
          "/var/run",
          "/var/spool",
          "/var/tmp");

  private final List<Path> kept;

  /**
   * With more that is to be kept.
   *
   * @param kept neither they, nor what is in them or what they are in may be declared: the agent's
   *     own data
   */
  public Broad(List<Path> kept) {
    this.kept = List.copyOf(kept);
  }

  /** Why a directory may not be declared; empty when it may. */
  public Optional<String> why(Path path) {
    if (!path.isAbsolute() || !path.normalize().equals(path)) {
      return Optional.of("is not an absolute path without . and ..");
    }
    for (Path own : kept) {
      if (own.startsWith(path) || path.startsWith(own)) {
        return Optional.of("holds, or is in, the agent's own " + own);
      }
    }
    if (Stream.concat(SYSTEM.stream(), WHOLE.stream()).anyMatch(one -> one.startsWith(path))) {
      return Optional.of("is too broad");
    }
    boolean home = path.getNameCount() == 2 && path.startsWith("/home");
    if (home) {
      return Optional.of("is a person's whole directory");
    }
    boolean system = SYSTEM.stream().anyMatch(path::startsWith);
    if (system && BELOW_SYSTEM.stream().noneMatch(path::startsWith)) {
      return Optional.of("belongs to the system");
    }
    return Optional.empty();
  }

  private static List<Path> paths(String... all) {
    return Stream.of(all).map(Path::of).toList();
  }
}
