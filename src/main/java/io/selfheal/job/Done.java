package io.selfheal.job;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How it went to change some jobs.
 *
 * @param changed the ids of the jobs that were changed
 * @param refused by id those whose change the table does not allow, with the reason
 * @param failure why the others were not even tried to the end; null when they were
 */
record Done(Set<String> changed, Map<String, String> refused, @Nullable SourceFailed failure) {
  /** Nothing was tried. */
  static final Done NOTHING = new Done(Set.of(), null);

  /** None was refused. */
  Done(Set<String> changed, @Nullable SourceFailed failure) {
    this(changed, Map.of(), failure);
  }

  /** The table does not allow the change of any of these. */
  static Done refused(Collection<Judgement> jobs, String why) {
    Map<String, String> refused = new HashMap<>();
    jobs.forEach(one -> refused.put(one.job().id(), why));
    return new Done(Set.of(), refused, null);
  }

  /** Those of the jobs that were not changed. */
  List<Judgement> open(List<Judgement> jobs) {
    if (changed.size() == jobs.size()) {
      return List.of();
    }
    return changed.isEmpty()
        ? jobs
        : jobs.stream().filter(one -> !changed.contains(one.job().id())).toList();
  }

  /** Those of the jobs of which it is not known what becomes of them. */
  List<Judgement> left(List<Judgement> jobs) {
    return open(jobs).stream().filter(one -> !refused.containsKey(one.job().id())).toList();
  }

  /** The same without its failure, which is tried again. */
  Done forgiven() {
    return new Done(changed, refused, null);
  }

  /** Both together, of which this was first. */
  Done and(Done after) {
    if (changed.isEmpty() && refused.isEmpty() && failure == null) {
      return after;
    }
    Set<String> all = new HashSet<>(changed);
    all.addAll(after.changed);
    Map<String, String> none = new HashMap<>(refused);
    none.putAll(after.refused);
    return new Done(all, none, failure == null ? after.failure : failure);
  }
}
