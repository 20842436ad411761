package io.selfheal.worker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Whether the kernel killed a process for memory. It counts such ends by control group, and before
 * it sends the signal, so the count tells when the death is noticed. What the count has risen by is
 * given to as many processes, and to no more. Pure but for that memory.
 */
final class OomKills {
  private static final int KILL = 9;
  private static final int ROOM = 1_000;

  /** The count of each group up to which each end has its process. */
  private final LinkedHashMap<String, Long> given = new LinkedHashMap<>();

  /**
   * What is known of one end.
   *
   * @param words empty when nothing was counted meanwhile
   */
  record Finding(boolean killed, String words) {
    static final Finding NONE = new Finding(false, "");
  }

  /**
   * Weighs one end.
   *
   * @param earlier the group as it was read the second time before the end: when it was read last
   *     the kernel may have counted this end already, and the process not yet have ended
   * @param last the group as it was read last, within the second before the end
   * @param now the count at the end; -1 when not known
   * @param status as wait(2) gives it; empty when not known
   */
  Finding weigh(GroupReading earlier, GroupReading last, long now, OptionalInt status) {
    long known = earlier.counted().equals(last.counted()) ? earlier.oomKills() : last.oomKills();
    if (known < 0 || now < 0) {
      return Finding.NONE;
    }
    long before = Math.max(known, given.getOrDefault(last.counted(), -1L));
    if (now <= before) {
      return Finding.NONE;
    }
    String rose = "oom_kill of %s rose from %d to %d".formatted(last.counted(), before, now);
    if (status.isPresent() && (status.getAsInt() & 0x7f) != KILL) {
      return Finding.NONE;
    }
    if (status.isEmpty() && !last.alone()) {
      return new Finding(
          false, rose + ", but how it ended is not known, and other processes are in that group");
    }
    give(last.counted(), before + 1);
    return new Finding(
        true,
        status.isPresent()
            ? "killed for memory: " + rose
            : "killed for memory: " + rose + ", and it was alone in that group");
  }

  private void give(String group, long count) {
    given.putLast(group, count);
    if (given.size() > ROOM) {
      Map.Entry<String, Long> oldest = given.firstEntry();
      given.remove(oldest.getKey());
    }
  }
}
