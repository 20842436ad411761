package io.selfheal.worker;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.UnitRequests.ActOnUnit;
import io.selfheal.message.UnitRequests.Verb;
import io.selfheal.message.WorkerRequests.Ended;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has systemd act on the units of workers. On the verticle's context. */
final class Units {
  private final Tools tools;
  private final Roster roster;
  private final Searching searching;
  private final UnitWork work = new UnitWork();

  Units(Tools tools, Roster roster, Searching searching) {
    this.tools = tools;
    this.roster = roster;
    this.searching = searching;
  }

  /** Answers {@code worker.unit}. */
  Future<Ended> act(ActOnUnit query) {
    Member member = roster.member(query.worker());
    if (member == null || !(member.config.way() instanceof WorkerConfig.Way.Unit unit)) {
      return answer(Outcome.REFUSED, query.worker() + " is not the worker of a unit", null);
    }
    Optional<Watched> seen =
        member
            .living()
            .flatMap(slot -> Optional.ofNullable(slot.watched).stream())
            .filter(watched -> !watched.inquired)
            .filter(watched -> query.process() == null || watched.process.equals(query.process()))
            .findFirst();
    // A worker that dies again and again may have a process by now that nobody watches yet.
    boolean whichever = query.verb() == Verb.STOP && query.process() == null;
    long pid = whichever ? UnitPlan.ANY : seen.map(watched -> watched.process.pid()).orElse(0L);
    UnitPlan plan = new UnitPlan(unit.unit(), query.verb(), pid);
    Optional<Ending> wish =
        query.rehearse() || query.verb() == Verb.START
            ? Optional.empty()
            : seen.flatMap(watched -> wish(watched, query.reason()));
    if (wish.isPresent()) {
      seen.ifPresent(watched -> member.restarted = restarted(query.verb(), watched));
    }
    return tools
        .blocking(() -> work.act(plan, query.limit(), query.rehearse()))
        .compose(result -> searched(member, query, result))
        .onComplete(done -> seen.ifPresent(watched -> wish.ifPresent(one -> drop(watched, one))));
  }

  /** Should systemd refuse to start it again, it is known that nobody wanted it down. */
  private static @Nullable ProcessIdentity restarted(Verb verb, Watched watched) {
    return verb == Verb.RESTART ? watched.process : null;
  }

  /** Its end is then no loss. Empty when somebody else wishes it already. */
  private static Optional<Ending> wish(Watched watched, String reason) {
    if (watched.ending != null) {
      return Optional.empty();
    }
    Ending ending = new Ending(reason);
    watched.ending = ending;
    return Optional.of(ending);
  }

  /** When it lives on, its end is a loss again. The notice of an end may still be on its way. */
  private void drop(Watched watched, Ending ending) {
    boolean lives =
        tools
            .proc()
            .stat(watched.process.pid())
            .filter(stat -> stat.startTicks() == watched.process.startTicks() && !stat.ended())
            .isPresent();
    if (lives && watched.ending == ending) {
      watched.ending = null;
    }
  }

  private Future<Ended> searched(Member member, ActOnUnit query, Systemctl.Result result) {
    boolean looks = !query.rehearse() && result.outcome() == Outcome.DONE;
    Future<Void> search = looks ? searching.search(Duration.ZERO) : Future.succeededFuture();
    return search.map(
        done -> new Ended(result.outcome(), result.detail(), now(member, query.process())));
  }

  /** The process that runs now; the one that was seen when none does. */
  private static @Nullable ProcessIdentity now(Member member, @Nullable ProcessIdentity seen) {
    return member
        .living()
        .flatMap(slot -> Optional.ofNullable(slot.watched).stream())
        .map(watched -> watched.process)
        .findFirst()
        .orElse(seen);
  }

  private static Future<Ended> answer(
      Outcome outcome, String detail, @Nullable ProcessIdentity process) {
    return Future.succeededFuture(new Ended(outcome, detail, process));
  }
}
