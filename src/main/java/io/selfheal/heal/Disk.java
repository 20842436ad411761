package io.selfheal.heal;

import org.jspecify.annotations.Nullable;

/**
 * What of an incident is on disk.
 *
 * @param revision counts the changes of the incident
 * @param durable the newest revision on disk
 * @param saving a write is under way
 * @param notBefore the mark before which no write is tried
 * @param failures writes that failed in a row
 * @param problem why the last one failed; null when it did not
 */
record Disk(
    long revision,
    long durable,
    boolean saving,
    long notBefore,
    int failures,
    @Nullable String problem) {

  static Disk fresh(Moment now) {
    return new Disk(0, 0, false, now.mark(), 0, null);
  }

  Disk changed() {
    return new Disk(revision + 1, durable, saving, notBefore, failures, problem);
  }

  boolean due(Moment now) {
    return revision > durable && !saving && now.reached(notBefore);
  }

  boolean clean() {
    return revision == durable;
  }

  Disk started() {
    return new Disk(revision, durable, true, notBefore, failures, problem);
  }

  Disk saved(long at, Moment now) {
    return new Disk(revision, Math.max(durable, at), false, now.mark(), 0, null);
  }

  Disk failed(String why, Moment now) {
    return new Disk(revision, durable, false, now.in(Effort.pause(failures)), failures + 1, why);
  }
}
