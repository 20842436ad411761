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
  record Begun(List<Judgement> acting, Future<Done> done) {}

  /**
   * Begins. Deaths are written beside it: an agent that ends in that moment has counted some of
   * them not at all. What is put aside is written before, for it must not be lost.
   */
  Begun begin(List<Judgement> acting) {
    boolean aside = acting.stream().anyMatch(Judgement::poison);
    if (aside) {
      quarantine.before(acting);
    }
    Begun begun = new Begun(acting, streams.rescue(statements, acting));
    if (!aside) {
      quarantine.before(acting);
    }
    return begun;
  }

  /**
   * Waits for the end. It comes, for each of its transactions has a limit; to give up before it
   * would leave jobs that are rescued and not counted.
   */
  Done await(Begun begun) {
    int parts = 1 + 2 * begun.acting().size();
    Done done = Waiting.on(begun.done(), "rescue jobs", parts);
    braking.spend(done.changed().size());
    return done;
  }

  /**
   * Writes down what became of them. Of a job that was not changed the agent still knows since when
   * it is held: forgotten, it would seem to be taken after its holder had died.
   */
  void end(Begun begun, Done done) {
    claims.forget(done.changed());
    quarantine.after(settled(begun.acting(), done), done.changed());
  }

  /** Of those that a failure hit nothing is known. */
  private static List<Judgement> settled(List<Judgement> acting, Done done) {
    return done.failure() == null
        ? acting
        : acting.stream().filter(one -> done.changed().contains(one.job().id())).toList();
  }

  static Set<String> ids(List<Judgement> judgements) {
    return judgements.stream().map(judgement -> judgement.job().id()).collect(Collectors.toSet());
  }
}
