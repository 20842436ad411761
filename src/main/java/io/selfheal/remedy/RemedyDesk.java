package io.selfheal.remedy;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests;
import io.selfheal.message.RemedyRequests.Manner;
import io.selfheal.message.RemedyRequests.Perform;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import io.selfheal.rule.Rule;
import io.selfheal.rule.RuleBook;
import io.selfheal.rule.Rung;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Task;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Does what rungs of rules are for: one at a time for a rule and its subject, each on a thread of
 * its own and within its deadline.
 */
public final class RemedyDesk extends VerticleBase {
  private final RuleBook book;
  private final Bus bus;
  private final Time time;
  private final Hands hands = new Hands();
  private final Set<String> busy = new HashSet<>();
  private Bus.Subscription answering = Future::succeededFuture;

  /** Not started yet. */
  public RemedyDesk(RuleBook book, Bus bus, Time time) {
    this.book = book;
    this.bus = bus;
    this.time = time;
  }

  @Override
  public Future<?> start() {
    answering = bus.answer(RemedyRequests.PERFORM, this::perform);
    return Future.succeededFuture();
  }

  private Future<Performed> perform(Perform query) {
    Optional<Rung> rung = rung(query);
    if (rung.isEmpty()) {
      return answered(
          Outcome.REFUSED,
          "the rules have changed: " + query.rule() + " has no such remedy any more");
    }
    String key = query.rule() + " " + query.seen().subject();
    boolean acts = query.manner() != Manner.REHEARSE;
    if (acts && !busy.add(key)) {
      return answered(Outcome.DEFERRED, "an earlier remedy of this rule has not ended yet");
    }
    Hands.Work work = hands.begin(() -> act(rung.get().act(), query), query.deadline());
    if (acts) {
      work.ended().onComplete(end -> busy.remove(key));
    }
    return work.answer();
  }

  private Optional<Rung> rung(Perform query) {
    return book.now()
        .named(query.rule())
        .map(Rule::ladder)
        .filter(ladder -> query.rung() < ladder.size())
        .map(ladder -> ladder.get(query.rung()))
        .filter(rung -> rung.remedy().equals(query.remedy()));
  }

  private Performed act(Act act, Perform query) throws Exception {
    Task task =
        new Task(
            query.incidentId(),
            query.seen(),
            query.deadline(),
            new Surroundings(time, bus, Optional.empty()));
    return switch (query.manner()) {
      case REHEARSE -> act.rehearse(task);
      case DO -> act.perform(task);
      case FINISH -> act.finish(task);
      case UNDO -> {
        String left = query.undo();
        yield left == null
            ? new Performed(Outcome.ALREADY_DONE, "nothing to take back", List.of(), null)
            : act.undo(task, left);
      }
    };
  }

  private static Future<Performed> answered(Outcome outcome, String detail) {
    return Future.succeededFuture(new Performed(outcome, detail, List.of(), null));
  }

  @Override
  public Future<?> stop() {
    hands.close();
    return answering.cancel();
  }
}
