package io.selfheal.worker;

import io.selfheal.message.DrainRequests.Drain;
import io.selfheal.message.DrainRequests.Manner;
import io.selfheal.message.Outcome;
import io.selfheal.message.WorkerRequests.Ended;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Asks processes, by the answers to their heartbeats, to take no more jobs. On the verticle's
 * context. The wishes are on disk: another run of the agent goes on asking.
 */
final class Draining {
  private static final String NOTE = "drain";

  private final Tools tools;
  private final Roster roster;
  private final Notes notes;
  private Wishes wishes = Wishes.NONE;
  private Future<?> running = Future.succeededFuture();

  Draining(Tools tools, Roster roster, Notes notes) {
    this.tools = tools;
    this.roster = roster;
    this.notes = notes;
  }

  /** What was wished before this agent started. Before heartbeats are answered. */
  Future<Void> recall() {
    return tools
        .blocking(() -> notes.read(NOTE).map(Wishes::parse).orElse(Wishes.NONE))
        .map(
            found -> {
              wishes = found;
              return null;
            });
  }

  /**
   * A heartbeat came; answers whether it is told to take no more jobs. What it said of its jobs
   * counts only from the next one on: it may have taken one before it heard the answer to this.
   */
  boolean heard(Watched watched, List<String> jobs) {
    watched.draining = wishes.of(watched.process);
    watched.drained = watched.draining && watched.drainTold && jobs.isEmpty();
    watched.drainTold = watched.draining;
    return watched.draining;
  }

  /** Answers {@code worker.drain}. */
  Future<Ended> drain(Drain query) {
    Future<Ended> answer =
        running
            .otherwiseEmpty()
            .compose(
                before ->
                    query.manner() == Manner.LIFT
                        ? set(wishes.without(query.process(), query.incident()))
                            .map(done -> lifted(query))
                        : wished(query));
    running = answer;
    return answer;
  }

  private Future<Ended> wished(Drain query) {
    Optional<Slot> slot = roster.byProcess(query.process());
    if (slot.isEmpty()) {
      return answer(query, Outcome.ALREADY_DONE, query.process() + " is gone");
    }
    if (slot.get().beatMark == null) {
      return answer(
          query,
          Outcome.REFUSED,
          query.process() + " has sent no heartbeat, so it cannot be asked to take no more jobs");
    }
    if (query.manner() == Manner.REHEARSE) {
      return answer(
          query,
          Outcome.DONE,
          "would tell %s with its next heartbeat to take no more jobs; it holds %s"
              .formatted(query.process(), jobs(slot.get())));
    }
    return set(wishes.with(query.process(), query.incident())).map(done -> standing(query));
  }

  private Ended standing(Drain query) {
    Optional<Slot> slot = roster.byProcess(query.process());
    Watched watched = slot.map(one -> one.watched).orElse(null);
    if (slot.isEmpty() || watched == null) {
      return new Ended(Outcome.DONE, query.process() + " has ended", query.process());
    }
    watched.draining = true;
    return watched.drained
        ? new Ended(Outcome.DONE, query.process() + " holds no jobs", query.process())
        : new Ended(
            Outcome.DEFERRED,
            query.process()
                + (watched.drainTold
                    ? " has been asked, and holds " + jobs(slot.get())
                    : " has not asked since, by a heartbeat, what to do"),
            query.process());
  }

  private static String jobs(Slot slot) {
    return switch (slot.jobs.size()) {
      case 0 -> "no jobs";
      case 1 -> "job " + slot.jobs.getFirst();
      default -> slot.jobs.size() + " jobs, such as " + slot.jobs.getFirst();
    };
  }

  private Ended lifted(Drain query) {
    roster
        .byProcess(query.process())
        .map(slot -> slot.watched)
        .ifPresent(watched -> watched.draining = wishes.of(query.process()));
    return new Ended(
        Outcome.DONE, query.process() + " may take jobs again, or is gone", query.process());
  }

  /** On disk first. */
  private Future<Void> set(Wishes next) {
    if (next.equals(wishes)) {
      return Future.succeededFuture();
    }
    return tools
        .blocking(() -> written(next))
        .map(
            done -> {
              wishes = next;
              return null;
            });
  }

  private Boolean written(Wishes next) throws IOException {
    if (next.all().isEmpty()) {
      notes.remove(NOTE);
    } else {
      notes.write(NOTE, next.text());
    }
    return true;
  }

  private static Future<Ended> answer(Drain query, Outcome outcome, String detail) {
    return Future.succeededFuture(new Ended(outcome, detail, query.process()));
  }
}
