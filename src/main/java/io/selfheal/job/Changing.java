package io.selfheal.job;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Changes the jobs of one batch of a sweep. What is begun runs by itself while the next batch is
 * read and judged, until its end is waited for.
 */
final class Changing {
  private final Streams streams;
  private final Statements statements;
  private final Claims claims;
  private final Braking braking;
  private final Quarantine quarantine;

  Changing(
      Streams streams,
      Statements statements,
      Claims claims,
      Braking braking,
      Quarantine quarantine) {
    this.streams = streams;
    this.statements = statements;
    this.claims = claims;
    this.braking = braking;
    this.quarantine = quarantine;
  }

  /** Jobs that are being changed. */
  record Begun(List<Judgement> acting, Future<Set<String>> changed) {}

  /**
   * Begins. Deaths are written beside it: an agent that ends in that moment has counted some of
   * them not at all. What is put aside is written before, for it must not be lost.
   */
  Begun begin(List<Judgement> acting) {
    boolean aside = acting.stream().anyMatch(Judgement::poison);
    if (aside) {
      quarantine.before(acting);
    }
    // Also when the answer is lost: it may have been done.
    claims.forget(ids(acting));
    Begun begun = new Begun(acting, streams.rescue(statements, acting));
    if (!aside) {
      quarantine.before(acting);
    }
    return begun;
  }

  /** Waits for the end; answers the ids of those that were changed. */
  Set<String> end(Begun begun) {
    Set<String> changed = Waiting.on(begun.changed(), "rescue jobs");
    braking.spend(changed.size());
    quarantine.after(begun.acting(), changed);
    return changed;
  }

  static Set<String> ids(List<Judgement> judgements) {
    return judgements.stream().map(judgement -> judgement.job().id()).collect(Collectors.toSet());
  }
}
