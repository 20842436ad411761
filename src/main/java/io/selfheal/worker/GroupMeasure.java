package io.selfheal.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Moves the processes of a worker into a group of their own below the one that they are in, and
 * limits that. What they start later is born there.
 *
 * @param child the group that is made
 * @param values what is written into its files, by name
 * @param members the processes to move, as they are now
 */
record GroupMeasure(Path child, Map<String, String> values, Supplier<List<Long>> members)
    implements Measure {
  static final String WORD = "group";

  /** The names of such groups begin so. */
  static final String PREFIX = "selfheal-";

  private static final int ROUNDS = 10;

  @Override
  public String words() {
    return "move it into the control group " + child + " with " + said();
  }

  private String said() {
    return String.join(
        ", ", values.entrySet().stream().map(one -> one.getKey() + " " + one.getValue()).toList());
  }

  @Override
  public List<String> before() {
    return List.of(WORD + "\t" + child);
  }

  @Override
  public void act() throws IOException {
    Files.createDirectories(child);
    for (Map.Entry<String, String> value : values.entrySet()) {
      Files.writeString(child.resolve(value.getKey()), value.getValue());
    }
    // What is forked while this looks is moved in the next round.
    for (int round = 0; round < ROUNDS; round++) {
      List<String> inside = Files.readAllLines(child.resolve("cgroup.procs"));
      List<Long> outside =
          members.get().stream().filter(pid -> !inside.contains(Long.toString(pid))).toList();
      if (outside.isEmpty()) {
        return;
      }
      for (long pid : outside) {
        move(child, pid);
      }
    }
  }

  /** A process that is gone meanwhile needs no moving. */
  static void move(Path group, long pid) throws IOException {
    try {
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
    } catch (IOException failure) {
      if (Files.exists(Path.of("/proc", Long.toString(pid)))) {
        throw failure;
      }
    }
  }
}
