package io.selfheal.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which files processes have open or mapped at one moment. It sees the processes of the agent's own
 * pid namespace and of those in it.
 *
 * @param holders one process each
 * @param unseen processes that may not be looked into
 */
public record OpenFiles(Map<FileId, Long> holders, int unseen) {
  private static final Path PROC = Path.of("/proc");

  /** Copies the map. */
  public OpenFiles {
    holders = Map.copyOf(holders);
  }

  /** Looks at all processes but the agent itself. */
  public static OpenFiles now() throws IOException {
    Map<FileId, Long> holders = new HashMap<>();
    int unseen = 0;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        if (pid != ProcessHandle.current().pid() && !seen(process, pid, holders)) {
          unseen++;
        }
      }
    } catch (DirectoryIteratorException broken) {
      throw broken.getCause();
    }
    return new OpenFiles(holders, unseen);
  }

  private static boolean seen(Path process, long pid, Map<FileId, Long> holders)
      throws ClosedByInterruptException {
    try {
      descriptors(process.resolve("fd"), pid, holders);
      for (String line :
          Files.readString(process.resolve("maps"), StandardCharsets.ISO_8859_1).lines().toList()) {
        mapped(line).ifPresent(file -> holders.putIfAbsent(file, pid));
      }
      return true;
    } catch (ClosedByInterruptException interrupted) {
      // It was not looked at: to take it for ended would set free what it has open.
      throw interrupted;
    } catch (AccessDeniedException denied) {
      return nothingOpen(process) || hiddenInit(pid);
    } catch (IOException | DirectoryIteratorException ended) {
      // It ended meanwhile, and has nothing open any more; or it is being born, without files yet.
      return true;
    }
  }

  private static void descriptors(Path directory, long pid, Map<FileId, Long> holders)
      throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path one : all) {
        BasicFileAttributes is = attributes(one);
        if (is != null && is.isRegularFile()) {
          holders.putIfAbsent(FileId.of(is), pid);
        }
      }
    }
  }

  private static @Nullable BasicFileAttributes attributes(Path descriptor)
      throws AccessDeniedException {
    try {
      return Files.readAttributes(descriptor, BasicFileAttributes.class);
    } catch (AccessDeniedException denied) {
      throw denied;
    } catch (IOException closed) {
      return null;
    }
  }

  /** A line of {@code from-to mode offset major:minor inode path}, see proc_pid_maps(5). */
  static Optional<FileId> mapped(String line) {
    String[] fields = line.split(" +", 6);
    if (fields.length < 5 || fields[4].equals("0")) {
      return Optional.empty();
    }
    String[] device = fields[3].split(":", -1);
    return Optional.of(
        new FileId(
            FileId.device(Long.parseLong(device[0], 16), Long.parseLong(device[1], 16)),
            Long.parseLong(fields[4])));
  }

  /** Threads of the kernel and the dead hold no files of users. */
  private static boolean nothingOpen(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean kernel = (Long.parseLong(fields[6]) & 0x00200000L) != 0;
      return kernel || fields[0].equals("Z");
    } catch (IOException ended) {
      return true;
    }
  }

  /**
   * In some containers not even root may look into the first process. It starts the others and
   * waits for them; a program of users that runs as the first one root may look into.
   */
  private static boolean hiddenInit(long pid) {
    try {
      return pid == 1 && Files.getAttribute(PROC.resolve("self"), "unix:uid").equals(0);
    } catch (IOException unknown) {
      return false;
    }
  }

  /** A process that has a file open; empty when none of those that could be seen has. */
  public Optional<Long> holder(FileId file) {
    return Optional.ofNullable(holders.get(file));
  }
}
