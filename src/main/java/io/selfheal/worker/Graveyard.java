package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers the processes that were seen to end, the newest 10,000 of them. */
final class Graveyard {
  static final int ROOM = 10_000;

  private final LinkedHashMap<ProcessIdentity, Fallen> byIdentity = new LinkedHashMap<>();
  private final Map<Long, Fallen> newestByPid = new HashMap<>();

  void add(Fallen fallen) {
    byIdentity.putLast(fallen.process(), fallen);
    newestByPid.put(fallen.process().pid(), fallen);
    if (byIdentity.size() > ROOM) {
      Fallen oldest = byIdentity.pollFirstEntry().getValue();
      newestByPid.remove(oldest.process().pid(), oldest);
    }
  }

  Optional<Fallen> find(ProcessIdentity process) {
    return Optional.ofNullable(byIdentity.get(process));
  }

  /** The one that had this pid last. */
  Optional<Fallen> newest(long pid) {
    return Optional.ofNullable(newestByPid.get(pid));
  }

  /** Those of one worker, oldest end first. */
  List<Fallen> of(String worker) {
    return byIdentity.values().stream().filter(one -> one.worker().equals(worker)).toList();
  }

  /** The last ones that ended, newest first. */
  List<Fallen> last(int most) {
    return byIdentity.sequencedValues().reversed().stream().limit(most).toList();
  }

  int size() {
    return byIdentity.size();
  }
}
