package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts back what {@link Measure#before} has written down. It may be done twice. Blocks. */
final class Restoring {
  private static final int LOOKS = 100;
  private static final long PAUSE_MILLIS = 20;

  private final Proc proc;
  private final Systemctl systemctl;
  private final List<String> problems = new ArrayList<>();

  Restoring(Proc proc, Systemctl systemctl) {
    this.proc = proc;
    this.systemctl = systemctl;
  }

  /** Puts all of it back that can be; answers what could not. */
  List<String> restore(String before) throws InterruptedException {
    Map<String, List<String[]>> byWord = new LinkedHashMap<>();
    before
        .lines()
        .map(line -> line.split("\t", -1))
        .forEach(line -> byWord.computeIfAbsent(line[0], word -> new ArrayList<>()).add(line));
    for (Map.Entry<String, List<String[]>> lines : byWord.entrySet()) {
      try {
        restore(lines.getKey(), lines.getValue());
      } catch (IOException | RuntimeException failure) {
        problems.add(String.valueOf(failure.getMessage()));
      }
    }
    return List.copyOf(problems);
  }

  private void restore(String word, List<String[]> lines) throws IOException, InterruptedException {
    switch (word) {
      case FileMeasure.WORD -> {
        for (String[] line : lines) {
          file(Path.of(line[1]), line[2]);
        }
      }
      case GroupMeasure.WORD -> {
        for (String[] line : lines) {
          group(Path.of(line[1]));
        }
      }
      case PriorityMeasure.NICE -> priorities(lines, NativePriority::nice);
      case PriorityMeasure.IO -> priorities(lines, NativePriority::io);
      case UnitMeasure.WORD -> new UnitRestoring(systemctl).restore(lines, problems);
      default -> problems.add("\"" + word + "\" is nothing that can be put back");
    }
  }

  /** A group that is gone went with all that was in it. */
  private static void file(Path file, String value) throws IOException {
    if (Files.exists(file)) {
      Files.writeString(file, value);
    }
  }

  /** Moves all that is in a group of ours to the one above, and removes it. */
  private void group(Path child) throws IOException, InterruptedException {
    Path parent = child.getParent();
    boolean ours = child.getFileName().toString().startsWith(GroupMeasure.PREFIX);
    if (parent == null || !ours) {
      problems.add(child + " is no group of the agent's");
      return;
    }
    for (int look = 0; look < LOOKS && Files.exists(child); look++) {
      for (String pid : Files.readAllLines(child.resolve("cgroup.procs"))) {
        GroupMeasure.move(parent, Long.parseLong(pid));
      }
      try {
        Files.delete(child);
      } catch (FileSystemException busy) {
        // What has ended and was not yet waited for still counts as being in it.
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    if (Files.exists(child)) {
      problems.add(child + " cannot be removed: the kernel says that it is in use");
    }
  }

  /** Sets one priority of one thread. */
  @FunctionalInterface
  private interface Setting {
    void set(long tid, int value) throws IOException;
  }

  /** Threads and processes that were born since get what their process, or its root, had. */
  private void priorities(List<String[]> lines, Setting setting) throws IOException {
    Map<Long, Integer> byThread = new LinkedHashMap<>();
    Map<Long, Long> starts = new LinkedHashMap<>();
    for (String[] line : lines) {
      byThread.put(Long.parseLong(line[3]), Integer.parseInt(line[4]));
      starts.putIfAbsent(Long.parseLong(line[1]), Long.parseLong(line[2]));
    }
    for (Map.Entry<Long, Long> start : starts.entrySet()) {
      ProcessIdentity process =
          new ProcessIdentity(proc.bootId(), start.getKey(), start.getValue());
      int usual = byThread.getOrDefault(start.getKey(), 0);
      for (PriorityMeasure.ThreadId thread : new Descent(proc, process).threads()) {
        boolean known = starts.containsKey(thread.pid());
        if (known && thread.pid() != start.getKey()) {
          continue;
        }
        setting.set(thread.tid(), byThread.getOrDefault(thread.tid(), usual));
      }
    }
  }
}
