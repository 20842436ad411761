package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.job.Pages.Page;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobRequests.Aside;
import io.selfheal.message.JobRequests.PutAside;
import io.selfheal.message.Outcome;
import io.selfheal.message.Verdict.Ruling;
import java.util.List;
import java.util.Optional;

/**
 * Puts one stuck job aside, however few workers have died on it. What proves it stuck is what
 * proves it to a sweep, and the change is the same; only a job whose holder is dead is put aside.
 */
final class PuttingAside {
  private final SourceConfig config;
  private final Changing changing;
  private final Able able;
  private final Braking braking;
  private final Bus bus;
  private final Time time;

  /**
   * @param able what can be done in this source
   */
  PuttingAside(
      SourceConfig config, Changing changing, Able able, Braking braking, Bus bus, Time time) {
    this.config = config;
    this.changing = changing;
    this.able = able;
    this.braking = braking;
    this.bus = bus;
    this.time = time;
  }

  /** Looks for the job, and puts it aside or says why not. */
  Aside run(Pages pages, PutAside query) {
    Optional<Judgement> found = find(pages, query.jobId());
    if (found.isEmpty()) {
      return new Aside(
          Outcome.REFUSED, "no stuck job of " + config.name() + " has the id " + query.jobId());
    }
    Judgement judged = found.get();
    if (!judged.acts() || judged.verdict().ruling() != Ruling.DEAD) {
      return new Aside(
          Outcome.REFUSED, "only a job whose holder is dead is put aside: " + judged.reason());
    }
    Judgement aside =
        Afterwards.told(config.layout(), Poison.asked(judged, able, query.reason(), time.now()));
    if (!aside.acts()) {
      return new Aside(
          Outcome.REFUSED, "it is not put aside, for " + able.why() + ": " + aside.reason());
    }
    Judgement allowed = braking.held(aside);
    if (!allowed.acts() || braking.room() < 1) {
      return new Aside(Outcome.DEFERRED, "rescues are held back now: " + allowed.reason());
    }
    return query.dryRun()
        ? new Aside(Outcome.DONE, "would be put aside: " + aside.reason())
        : change(aside, query);
  }

  private static Optional<Judgement> find(Pages pages, String id) {
    try {
      Optional<Page> page = pages.next();
      while (page.isPresent()) {
        Optional<Judgement> found =
            page.get().stuck().stream().filter(one -> one.job().id().equals(id)).findFirst();
        if (found.isPresent()) {
          return found;
        }
        page = pages.next();
      }
      return Optional.empty();
    } finally {
      pages.end();
    }
  }

  private Aside change(Judgement aside, PutAside query) {
    Changing.Begun begun = changing.begin(List.of(aside));
    Done done = changing.await(begun);
    changing.end(begun, done);
    if (done.failure() != null) {
      throw done.failure();
    }
    String why = done.refused().get(aside.job().id());
    if (why != null) {
      throw new SourceFailed(why);
    }
    if (!done.changed().contains(aside.job().id())) {
      return new Aside(Outcome.DEFERRED, aside.changed().reason());
    }
    bus.publish(
        new JobEvent.Rescued(
            config.name(),
            aside.job().id(),
            aside.effect(),
            aside.reason(),
            aside.verdict(),
            query.incidentId()));
    return new Aside(Outcome.DONE, aside.reason());
  }
}
