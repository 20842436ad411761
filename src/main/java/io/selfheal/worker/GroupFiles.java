package io.selfheal.worker;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of the control group of one watched process, kept open: a read costs some microseconds.
 * A process may be moved to another group, so where it is is read each time, too.
 */
final class GroupFiles implements AutoCloseable {
  private final GroupMounts mounts;
  private final byte[] buffer = new byte[4096];
  private final @Nullable RandomAccessFile membership;
  private String groups = "";
  private @Nullable RandomAccessFile memory;
  private String counted = "";
  private @Nullable RandomAccessFile members;
  private @Nullable RandomAccessFile events;
  private @Nullable RandomAccessFile state;
  private Path eventsFile = Path.of("");
  private Path stateFile = Path.of("");

  private GroupFiles(GroupMounts mounts, @Nullable RandomAccessFile membership) {
    this.mounts = mounts;
    this.membership = membership;
  }

  /** Opens them; where there are none, readings say that nothing is known. */
  static GroupFiles open(long pid, GroupMounts mounts) {
    return new GroupFiles(mounts, open(Path.of("/proc", Long.toString(pid), "cgroup")));
  }

  /** A reading. */
  synchronized GroupReading read() {
    String now = text(membership).orElse("");
    if (!now.isEmpty() && !now.equals(groups)) {
      groups = now;
      closeGroup();
      openMemory();
      openFreezers();
    }
    boolean alone = text(members).filter(text -> text.lines().count() == 1).isPresent();
    if (text(state).filter(Cgroups::frozen).isPresent()) {
      String thaw = "on cgroup v1 nothing that is frozen can end; write THAWED into " + stateFile;
      return new GroupReading(oomKills(), counted, alone, freezer(stateFile, "FROZEN"), thaw);
    }
    boolean frozen = text(events).filter(Cgroups::frozen).isPresent();
    String freezer = frozen ? freezer(eventsFile, "frozen 1") : "";
    return new GroupReading(oomKills(), counted, alone, freezer, "");
  }

  private static String freezer(Path file, String says) {
    return "the freezer of its control group (" + file + ": " + says + ")";
  }

  /** How often the kernel has killed for memory there; -1 when that is not known. */
  synchronized long oomKills() {
    return text(memory).map(Cgroups::oomKills).orElse(-1L);
  }

  /** Where the controller is not on for the group itself, the nearest above it counts. */
  private void openMemory() {
    List<Path> unified = mounts.upwards(groups, null);
    for (Path directory : unified) {
      if (count(directory.resolve("memory.events.local"), unified.getFirst())
          || count(directory.resolve("memory.events"), unified.getFirst())) {
        return;
      }
    }
    List<Path> old = mounts.upwards(groups, "memory");
    if (!old.isEmpty()) {
      count(old.getFirst().resolve("memory.oom_control"), old.getFirst());
    }
  }

  private boolean count(Path file, Path own) {
    memory = open(file);
    if (memory == null) {
      return false;
    }
    counted = file.toString();
    members = own.equals(file.getParent()) ? open(own.resolve("cgroup.procs")) : null;
    return true;
  }

  private void openFreezers() {
    for (Path directory : mounts.upwards(groups, null).stream().limit(1).toList()) {
      eventsFile = directory.resolve("cgroup.events");
      events = open(eventsFile);
    }
    for (Path directory : mounts.upwards(groups, "freezer").stream().limit(1).toList()) {
      stateFile = directory.resolve("freezer.state");
      state = open(stateFile);
    }
  }

  private static @Nullable RandomAccessFile open(Path file) {
    if (!Files.isReadable(file)) {
      return null;
    }
    try {
      return new RandomAccessFile(file.toFile(), "r");
    } catch (IOException goneOrNotAllowed) {
      return null;
    }
  }

  private Optional<String> text(@Nullable RandomAccessFile file) {
    if (file == null) {
      return Optional.empty();
    }
    try {
      file.seek(0);
      int length = file.read(buffer);
      return length <= 0
          ? Optional.empty()
          : Optional.of(new String(buffer, 0, length, StandardCharsets.UTF_8));
    } catch (IOException groupIsGone) {
      return Optional.empty();
    }
  }

  private void closeGroup() {
    close(memory);
    close(members);
    close(events);
    close(state);
    memory = null;
    members = null;
    events = null;
    state = null;
    counted = "";
  }

  private static void close(@Nullable RandomAccessFile file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("a file of a control group could not be closed", impossible);
    }
  }

  @Override
  public synchronized void close() {
    closeGroup();
    close(membership);
  }
}
