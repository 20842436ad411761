package io.selfheal.worker;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.message.WorkerRequests.Ended;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;

/** Ends processes, by their pidfd only, and waits for the kernel to say that they are gone. */
final class Ender {
  private static final int KILL = 9;
  private static final int TERM = 15;

  private final Tools tools;
  private final Roster roster;

  Ender(Tools tools, Roster roster) {
    this.tools = tools;
    this.roster = roster;
  }

  /** Answers {@code worker.end}. */
  Future<Ended> end(EndProcess query) {
    Optional<Slot> slot = roster.byProcess(query.process());
    return slot.isPresent() ? end(slot.get(), query) : notWatched(query.process());
  }

  private Future<Ended> notWatched(ProcessIdentity process) {
    if (roster.graveyard.find(process).isPresent()
        || !process.bootId().equals(tools.proc().bootId())) {
      return answer(Outcome.ALREADY_DONE, process + " is gone", process);
    }
    return tools
        .blocking(() -> tools.proc().sight(process.pid()))
        .compose(
            sighting -> {
              boolean same =
                  switch (sighting) {
                    case Sighting.Absent absent -> false;
                    case Sighting.Hidden hidden -> true;
                    case Sighting.Present present ->
                        present.stat().startTicks() == process.startTicks()
                            && !present.stat().ended();
                  };
              return same
                  ? answer(
                      Outcome.REFUSED, process + " is not a process of a watched worker", process)
                  : answer(Outcome.ALREADY_DONE, process + " is gone", process);
            });
  }

  /** TERM, then KILL after the grace; KILL at once when the grace is zero. */
  Future<Ended> end(Slot slot, EndProcess query) {
    Watched watched = slot.watched;
    if (watched == null) {
      return answer(Outcome.ALREADY_DONE, query.process() + " is gone", query.process());
    }
    if (watched.inquired) {
      // Its end came before this wish: should it be a loss, somebody must hear of it.
      return answer(Outcome.ALREADY_DONE, watched.process + " is gone", watched.process);
    }
    boolean kill = query.grace().toMillis() <= 0;
    // Noted before the signal is sent: the death notice may come before this method returns.
    boolean first = watched.ending == null;
    Ending ending = watched.ending == null ? new Ending(query.reason()) : watched.ending;
    watched.ending = ending;
    Optional<String> refusal = signal(watched, kill ? KILL : TERM);
    if (refusal.isPresent()) {
      if (first) {
        watched.ending = null;
      }
      return answer(Outcome.FAILED, refusal.get(), watched.process);
    }
    Promise<Ended> promise = Promise.promise();
    ending.waiting.add(promise);
    long killTimer = kill ? -1 : later(query.grace(), () -> killNow(slot, watched));
    long limitTimer =
        later(
            query.limit(),
            () -> {
              Ended late = tooLong(slot, watched);
              if (promise.tryComplete(late)) {
                givenUp(watched, ending);
              }
            });
    return promise
        .future()
        .onComplete(
            done -> {
              tools.vertx().cancelTimer(killTimer);
              tools.vertx().cancelTimer(limitTimer);
            });
  }

  /** When nobody waits for its end any more, its end is a loss that somebody must hear of. */
  private static void givenUp(Watched watched, Ending ending) {
    boolean waitedFor = ending.waiting.stream().anyMatch(one -> !one.future().isComplete());
    if (!waitedFor && watched.ending == ending) {
      watched.ending = null;
    }
  }

  private void killNow(Slot slot, Watched watched) {
    if (slot.watched == watched) {
      signal(watched, KILL);
    }
  }

  private long later(Duration delay, Runnable action) {
    return tools.vertx().setTimer(Math.max(1, delay.toMillis()), id -> action.run());
  }

  /** Sends it; says why not. A process that is gone is no failure: its notice is on the way. */
  private static Optional<String> signal(Watched watched, int signal) {
    if (watched.pidfd == null) {
      return Optional.of(
          watched.process
              + " cannot be ended: the kernel gives no pidfd, and by its number alone another"
              + " process might be hit");
    }
    return switch (watched.pidfd.send(signal)) {
      case SENT, GONE -> Optional.empty();
      case NOT_ALLOWED ->
          Optional.of(
              watched.process
                  + " belongs to another user: run the agent as that user or as root, or give it"
                  + " CAP_KILL");
      case FAILED -> Optional.of("the kernel refused to signal " + watched.process);
    };
  }

  private Ended tooLong(Slot slot, Watched watched) {
    Optional<Character> state = tools.proc().stat(watched.process.pid()).map(ProcStat::state);
    String thaw = watched.groups.read().thaw();
    if (thaw.isEmpty() && state.filter(letter -> letter == 'D').isPresent()) {
      thaw =
          "it waits in the kernel for a device or a file system, and no signal ends it before that"
              + " answers";
    }
    String detail =
        watched.process
            + " of "
            + slot.instance
            + " still exists"
            + state.map(letter -> ", in state " + letter).orElse("")
            + (thaw.isEmpty() ? "" : ": " + thaw);
    return new Ended(Outcome.FAILED, detail, watched.process);
  }

  private static Future<Ended> answer(Outcome outcome, String detail, ProcessIdentity process) {
    return Future.succeededFuture(new Ended(outcome, detail, process));
  }
}
