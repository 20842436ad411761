package io.selfheal.job;

import io.selfheal.job.Poison.Known;
import io.selfheal.message.DeadLetter.Death;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What could not be written of the fates of jobs yet, within bounds: the oldest go first. */
final class Memory {
  /** Deaths, and dead letters, that are remembered. */
  static final int MOST = 10_000;

  private final Map<String, Fate> deaths = new LinkedHashMap<>();
  private final Map<String, Fate> letters = new LinkedHashMap<>();

  void deaths(List<Fate> fates) {
    add(deaths, fates);
  }

  void letters(List<Fate> fates) {
    add(letters, fates);
  }

  private static void add(Map<String, Fate> to, List<Fate> fates) {
    fates.forEach(fate -> to.putIfAbsent(fate.key(), fate));
    while (to.size() > MOST) {
      to.remove(to.keySet().iterator().next());
    }
  }

  List<Fate> deaths() {
    return List.copyOf(deaths.values());
  }

  List<Fate> letters() {
    return List.copyOf(letters.values());
  }

  boolean isEmpty() {
    return deaths.isEmpty() && letters.isEmpty();
  }

  /** Job → its deaths, oldest first. */
  Map<String, List<Fate>> byJob() {
    Map<String, List<Fate>> byJob = new LinkedHashMap<>();
    deaths
        .values()
        .forEach(fate -> byJob.computeIfAbsent(fate.jobId(), id -> new ArrayList<>()).add(fate));
    return byJob;
  }

  /** These were written. */
  void deathsWritten(List<Fate> fates) {
    fates.forEach(fate -> deaths.remove(fate.key()));
  }

  void lettersWritten(List<Fate> fates) {
    fates.forEach(fate -> letters.remove(fate.key()));
  }

  /** The deaths of a job, by the claim that it has now; of the fates with its id. */
  static Known known(List<Fate> fates, Candidate job) {
    String claim = Fate.digest(job.claim());
    List<Death> earlier = new ArrayList<>();
    Death own = null;
    for (Fate fate : fates) {
      if (!fate.place().equals(job.place())) {
        continue;
      }
      if (fate.claim().equals(claim)) {
        own = fate.death();
      } else {
        earlier.add(fate.death());
      }
    }
    return new Known(earlier, own);
  }
}
