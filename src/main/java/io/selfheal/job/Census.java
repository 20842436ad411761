package io.selfheal.job;

import java.util.HashSet;
import java.util.Set;

/**
 * Counts, over one pass, how many different holders the running jobs have, and how many of them
 * look stale: a job of theirs would be rescued without proof.
 */
final class Census {
  /** Beyond so many holders the share is as good as known. */
  static final int MOST = 10_000;

  private final Set<String> seen = new HashSet<>();
  private final Set<String> stale = new HashSet<>();

  /** One batch of the pass. */
  void add(Pages.Page page) {
    for (String holder : page.holders()) {
      if (seen.size() < MOST) {
        seen.add(holder);
      }
    }
    for (Judgement guess : page.guesses()) {
      String holder = guess.job().holder();
      if (holder != null && seen.contains(holder)) {
        stale.add(holder);
      }
    }
  }

  int seen() {
    return seen.size();
  }

  int stale() {
    return stale.size();
  }
}
