package io.selfheal.worker;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What this agent sees of the workers here, as it tells it to other agents. */
record Mentions(Tools tools, Roster roster) {
  /** How long an end is told, and of how many. */
  private static final Duration ENDED_TOLD = Duration.ofHours(1);

  private static final int ENDED_MOST = 256;

  /** What is seen now, with times of the database's clock. */
  Future<List<Mention>> look(Instant now) {
    long mark = tools.time().mark();
    List<Mention> living = new ArrayList<>();
    for (Slot slot : roster.living()) {
      Filled filled = slot.filled(mark);
      if (filled != null && filled.endedAgo() == null) {
        living.add(mention(filled, now, false));
      }
    }
    List<Filled> ended =
        roster.graveyard.last(ENDED_MOST).stream()
            .map(fallen -> fallen.filled(mark))
            .filter(one -> one.endedAgo() != null && one.endedAgo().compareTo(ENDED_TOLD) < 0)
            .toList();
    return tools.blocking(
        () -> {
          List<Mention> all = new ArrayList<>(living);
          ended.forEach(one -> all.add(mention(one, now, vacant(one))));
          return all;
        });
  }

  private boolean vacant(Filled one) {
    return tools.proc().sight(one.process().pid()) instanceof Sighting.Absent;
  }

  private Mention mention(Filled one, Instant now, boolean vacant) {
    Duration ended = one.endedAgo();
    return new Mention(
        one.worker(),
        one.instance(),
        one.process(),
        one.ownPid(),
        now.minus(tools.proc().age(one.process().startTicks())),
        ended == null ? null : now.minus(ended),
        vacant);
  }
}
