package io.selfheal.worker;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Ended;
import io.selfheal.message.WorkerRequests.Liveness;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that watched processes are gone, and how they ended. Of a unit's process systemd is asked
 * first: it knows whether somebody had it stopped. Meanwhile the process keeps its slot, so that
 * its follower is not told of before. On the verticle's context.
 */
final class Endings {
  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
  private static final int GONE_KEPT = 16;

  private final Tools tools;
  private final Roster roster;
  private final Systemctl systemctl = new Systemctl();
  private final OomKills oomKills = new OomKills();
  private final Comebacks comebacks;
  private final Runnable search;

  /**
   * @param search has the followers looked for at once
   */
  Endings(Tools tools, Roster roster, Runnable search) {
    this.tools = tools;
    this.roster = roster;
    this.search = search;
    this.comebacks = new Comebacks(tools, roster);
  }

  /**
   * What was seen of an end when it was noticed.
   *
   * @param how it was seen, in brackets; empty when the kernel said so
   * @param mark when, on the forward clock, in nanoseconds
   * @param status of wait(2); empty when it could not be had
   */
  private record Notice(
      Slot slot,
      Watched watched,
      String how,
      Instant noticedAt,
      long mark,
      Duration uptime,
      OptionalInt status,
      OomKills.Finding memory,
      OomKills.Rise rise) {}

  /** A second has passed: how many the kernel has killed for memory on this host until now. */
  void tick(long hostKills) {
    oomKills.tick(new OomKills.HostCount(hostKills, tools.time().mark()));
  }

  /**
   * A process is gone: says so once, and answers who waits for it.
   *
   * @param how it was seen, in brackets; empty when the kernel said so
   */
  void gone(Slot slot, String how, Instant noticedAt) {
    Watched watched = slot.watched;
    if (watched == null || watched.inquired) {
      return;
    }
    OptionalInt status = watched.waitStatus(tools.proc());
    OomKills.Finding memory =
        watched.ending == null ? watched.memory(oomKills, status) : OomKills.Finding.NONE;
    Notice notice =
        new Notice(
            slot,
            watched,
            how,
            noticedAt,
            tools.time().mark(),
            tools.proc().age(watched.process.startTicks()),
            status,
            memory,
            watched.groupIsGone() ? rise() : OomKills.Rise.UNKNOWN);
    boolean asks = watched.ending == null && !memory.killed();
    if (asks && slot.worker.way() instanceof WorkerConfig.Way.Unit unit) {
      inquire(notice, unit.unit());
    } else {
      settle(notice, UnitEnd.UNTOLD);
    }
  }

  private void inquire(Notice notice, String unit) {
    notice.watched.inquired = true;
    long pid = notice.watched.process.pid();
    tools
        .blocking(() -> systemctl.end(unit, pid, notice.status))
        .otherwise(failure -> UnitEnd.UNTOLD)
        .onSuccess(
            end -> {
              // It was let go meanwhile when the agent stops.
              if (notice.slot.watched == notice.watched) {
                settle(notice, end);
                // While it kept its slot, its follower was not taken.
                search.run();
              }
            });
  }

  private void settle(Notice notice, UnitEnd end) {
    Slot slot = notice.slot;
    Watched watched = notice.watched;
    if (watched.ending == null && end instanceof UnitEnd.Asked asked) {
      watched.ending = new Ending(asked.reason());
      follow(notice, asked);
    }
    Ending ending = watched.ending;
    UnitEnd.Died died = end instanceof UnitEnd.Died told ? told : UnitEnd.UNTOLD;
    OomKills.Finding memory = ending == null ? memory(notice, died) : OomKills.Finding.NONE;
    Demise demise = demise(ending, status(notice, died), memory);
    roster.empty(slot, watched, tools.time().now(), notice.mark, demise);
    watched.close();
    slot.gone = ending == null ? Liveness.LOST : Liveness.STOPPED;
    if (ending == null) {
      lost(lostBy(notice, died, memory));
    } else {
      stopped(slot, watched.process, ending);
    }
    Member member = roster.member(slot.worker.name());
    if (member != null) {
      member.forgetGone(GONE_KEPT);
    }
  }

  private static Demise demise(
      @Nullable Ending ending, OptionalInt status, OomKills.Finding memory) {
    if (ending != null) {
      return Demise.wanted(ending.reason);
    }
    return memory.killed()
        ? Demise.ofMemory(memory.words())
        : Demise.of(Words.end(status, false), Words.ended(status.orElse(0)));
  }

  private OomKills.Rise rise() {
    return oomKills.rise(new OomKills.HostCount(HostKills.now(), tools.time().mark()));
  }

  private OomKills.Finding memory(Notice notice, UnitEnd.Died died) {
    boolean told = !notice.memory.equals(OomKills.Finding.NONE);
    return told ? notice.memory : oomKills.weigh(notice.rise, status(notice, died));
  }

  private static OptionalInt status(Notice notice, UnitEnd.Died died) {
    return notice.status.isPresent() ? notice.status : died.waitStatus();
  }

  private void follow(Notice notice, UnitEnd.Asked asked) {
    if (asked.restarted() && notice.slot.worker.way() instanceof WorkerConfig.Way.Unit unit) {
      comebacks.await(unit.unit(), lostBy(notice, UnitEnd.UNTOLD, notice.memory));
    }
  }

  private static WorkerEvent.Lost lostBy(
      Notice notice, UnitEnd.Died died, OomKills.Finding memory) {
    OptionalInt status = status(notice, died);
    String evidence =
        "ended"
            + Words.ended(status.orElse(0))
            + notice.how
            + more(memory.words())
            + more(died.reason());
    return new WorkerEvent.Lost(
        notice.slot.worker.name(),
        notice.slot.instance,
        notice.watched.process,
        notice.slot.worker.owner(),
        evidence,
        notice.noticedAt,
        notice.uptime,
        Words.end(status, memory.killed()));
  }

  private void lost(WorkerEvent.Lost lost) {
    LOG.debug(
        "{}, {}, {}, after {}",
        lost.instance(),
        lost.process(),
        lost.evidence(),
        Words.of(lost.uptime()));
    tools.bus().publish(lost);
  }

  private static String more(String words) {
    return words.isEmpty() ? "" : "; " + words;
  }

  private void stopped(Slot slot, ProcessIdentity process, Ending ending) {
    LOG.debug("{}, {}, was ended: {}", slot.instance, process, ending.reason);
    tools
        .bus()
        .publish(
            new WorkerEvent.Stopped(slot.worker.name(), slot.instance, process, ending.reason));
    Ended done = new Ended(Outcome.DONE, process + " is gone", process);
    ending.waiting.forEach(promise -> promise.tryComplete(done));
  }
}
