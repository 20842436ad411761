package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.job.Changing.Begun;
import io.selfheal.job.Pages.Page;
import io.selfheal.job.Streams.Done;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One sweep over one source: first what is proven; then, when all holders have been counted, what
 * is guessed. When it fails on the way, what it did so far stands and is counted: every batch is a
 * transaction of its own. (When the connection is lost in a commit, that batch may have been done
 * without being counted; the next look sees the rows as they are.)
 */
final class SweepRun {
  private final SourceConfig config;
  private final Changing changing;
  private final Braking braking;
  private final Quarantine quarantine;
  private final Bus bus;
  private final Sweep query;
  private final Told told;
  private int lost;
  private final Census census = new Census();

  /** The first guesses, to be told should they be held back. */
  private final List<Judgement> guesses = new ArrayList<>();

  /** What a dry run would have spent of the cap. */
  private long rehearsed;

  private long guessed;
  private long looked;
  private long stuck;
  private long rescued;
  private long held;
  private boolean provenHeld;
  private @Nullable Batch batch;
  private @Nullable String problem;

  /**
   * What was found last.
   *
   * @param acting of the judged, those that are changed
   * @param begun null when nothing is
   */
  private record Batch(List<Judgement> judged, List<Judgement> acting, @Nullable Begun begun) {}

  SweepRun(
      SourceConfig config,
      Changing changing,
      Braking braking,
      Quarantine quarantine,
      Bus bus,
      Sweep query) {
    this.config = config;
    this.changing = changing;
    this.braking = braking;
    this.quarantine = quarantine;
    this.bus = bus;
    this.query = query;
    this.told = new Told(config.name());
  }

  /** Sweeps until nothing is left, the cap is reached or {@code stopping}. */
  void run(Supplier<Pages> pages, BooleanSupplier stopping) {
    if (!pass(pages.get(), this::first, stopping)) {
      return;
    }
    braking.counted(census);
    if (guessed == 0) {
      return;
    }
    if (braking.guesses().isPresent()) {
      rescue(guesses);
      settle();
      held += guessed - guesses.size();
      return;
    }
    pass(pages.get(), page -> rescue(page.guesses()), stopping);
  }

  /** Whether it read all. */
  private boolean pass(Pages pages, Consumer<Page> work, BooleanSupplier stopping) {
    try {
      return whole(pages, work, stopping);
    } finally {
      try {
        settle();
      } finally {
        pages.end();
      }
    }
  }

  private boolean whole(Pages pages, Consumer<Page> work, BooleanSupplier stopping) {
    Optional<Page> page = pages.next();
    while (page.isPresent()) {
      pages.prepare();
      work.accept(page.get());
      if (problem != null) {
        return false;
      }
      if (stopping.getAsBoolean()) {
        problem = "stopped before its end, because the agent stops";
        return false;
      }
      page = pages.next();
    }
    return true;
  }

  private void first(Page page) {
    looked += page.looked();
    stuck += page.stuck().size();
    census.add(page);
    if (!config.layout().hasHolder()) {
      // There are no holders to count.
      rescue(page.stuck());
      return;
    }
    List<Judgement> later = page.guesses();
    guessed += later.size();
    later.stream().limit(Told.MOST_LEFT - guesses.size()).forEach(guesses::add);
    rescue(page.stuck().stream().filter(job -> !job.guess()).toList());
  }

  /** The database works on this batch while it is told what became of the one before. */
  private void rescue(List<Judgement> found) {
    List<Judgement> judged = found.stream().map(braking::held).toList();
    braking.tell(judged);
    if (!query.dryRun()) {
      quarantine.left(judged);
    }
    Batch last = batch;
    batch = null;
    Done done = last == null ? null : changed(last);
    boolean failed = done != null && done.failure() != null;
    if (!failed) {
      List<Judgement> acting = within(judged.stream().filter(Judgement::acts).toList());
      boolean changes = !query.dryRun() && !acting.isEmpty();
      batch = new Batch(judged, acting, changes ? changing.begin(acting) : null);
    }
    if (last != null && done != null) {
      settle(last, done);
    }
  }

  /** Waits until the last batch is changed, and tells what became of it. */
  private void settle() {
    Batch last = batch;
    batch = null;
    if (last != null) {
      settle(last, changed(last));
    }
  }

  private Done changed(Batch last) {
    return last.begun() == null
        ? new Done(Changing.ids(last.acting()), null)
        : changing.await(last.begun());
  }

  private void settle(Batch last, Done done) {
    if (last.begun() != null) {
      changing.end(last.begun(), done);
    }
    Set<String> tried = Changing.ids(last.acting());
    for (Judgement judgement : last.judged()) {
      String id = judgement.job().id();
      if (!judgement.acts()) {
        countHeld(judgement);
        told.add(judgement);
      } else if (done.changed().contains(id)) {
        rescued(judgement);
      } else if (tried.contains(id) && done.failure() == null) {
        left(judgement.changed());
      }
    }
    if (done.failure() != null) {
      throw done.failure();
    }
  }

  private void countHeld(Judgement judgement) {
    if (judgement.cause() == Judgement.Cause.HELD) {
      held++;
      provenHeld |= judgement.verdict().ruling() == Ruling.DEAD;
    }
  }

  /** As many as the cap allows. */
  private List<Judgement> within(List<Judgement> acting) {
    long room = Math.max(0, braking.room() - rehearsed);
    List<Judgement> allowed = acting.size() <= room ? acting : acting.subList(0, (int) room);
    if (allowed.size() < acting.size()) {
      problem = braking.reached();
    }
    if (query.dryRun()) {
      rehearsed += allowed.size();
    }
    return allowed;
  }

  private void rescued(Judgement judgement) {
    rescued++;
    told.add(judgement);
    if (query.dryRun() || rescued > Told.MOST) {
      return;
    }
    bus.publish(
        new JobEvent.Rescued(
            config.name(),
            judgement.job().id(),
            judgement.effect(),
            judgement.reason(),
            judgement.verdict(),
            query.incidentId()));
  }

  /** Wanted, and no longer as it was read. Who swept by hand reads the answer. */
  private void left(Judgement judgement) {
    told.add(judgement);
    if (query.incidentId() == null || ++lost > Told.MOST_LEFT) {
      return;
    }
    bus.publish(
        new JobEvent.Left(
            config.name(),
            judgement.job().id(),
            judgement.reason(),
            judgement.verdict(),
            query.incidentId()));
  }

  /** Jobs that were changed, or would be, and are not among the told. */
  long more() {
    return told.more();
  }

  long looked() {
    return looked;
  }

  long stuck() {
    return stuck;
  }

  long rescued() {
    return rescued;
  }

  List<StuckJob> told() {
    return told.jobs();
  }

  /**
   * Why it did not do all; null when it did. A sweep for one worker is about the jobs of dead
   * processes, and is done when only guesses are held back.
   */
  @Nullable String problem() {
    boolean matters = provenHeld || (held > 0 && query.worker() == null);
    return problem == null && matters ? held + " held back: " + braking.describe() : problem;
  }
}
