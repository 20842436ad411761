package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.job.Batches.Batch;
import io.selfheal.job.Pages.Page;
import io.selfheal.job.SourceSweeper.Unfinished;
import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.StuckJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final Braking braking;
  private final Quarantine quarantine;
  private final Refused refused;
  private final SecondLook second;
  private final Sweep query;
  private final Tally tally;
  private final Batches batches;
  private final Census census = new Census();

  /** The first guesses, to be told should they be held back. */
  private final List<Judgement> guesses = new ArrayList<>();

  /** What a dry run would have spent of the cap. */
  private long rehearsed;

  private long guessed;
  private long looked;
  private long stuck;
  private @Nullable String problem;

  SweepRun(
      SourceConfig config,
      Changing changing,
      Braking braking,
      Quarantine quarantine,
      Refused refused,
      SecondLook second,
      Bus bus,
      Sweep query) {
    this.config = config;
    this.braking = braking;
    this.quarantine = quarantine;
    this.refused = refused;
    this.second = second;
    this.query = query;
    this.tally = new Tally(config.name(), bus, query);
    this.batches = new Batches(changing, this::settled);
  }

  private void settled(Batch batch, Done done) {
    tally.add(batch.judged(), batch.acting(), done);
    refused.add(batch.acting(), done.refused());
  }

  /** Sweeps until nothing is left, the cap is reached or {@code stopping}. */
  void run(Supplier<Pages> pages, BooleanSupplier stopping) {
    List<Locked.One> locked = List.of();
    try {
      passes(pages, stopping);
      locked = query.dryRun() ? locked : second.at(tally.left(), pages);
    } finally {
      tally.settle(locked);
    }
  }

  private void passes(Supplier<Pages> pages, BooleanSupplier stopping) {
    if (!pass(pages.get(), this::first, stopping)) {
      return;
    }
    braking.counted(census);
    if (guessed == 0) {
      return;
    }
    if (braking.guesses().isPresent()) {
      rescue(guesses);
      batches.settle();
      tally.hold(guessed - guesses.size());
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
        batches.settle();
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

  /** The database works on the batches before while this one is read and judged. */
  private void rescue(List<Judgement> found) {
    List<Judgement> judged = found.stream().map(braking::held).map(refused::held).toList();
    braking.tell(judged);
    if (!query.dryRun()) {
      quarantine.left(judged);
    }
    batches.room();
    List<Judgement> acting = within(judged.stream().filter(Judgement::acts).toList());
    batches.begin(judged, acting, query.dryRun());
  }

  /** As many as the cap allows. Near to it, it must be known what the batches before have spent. */
  private List<Judgement> within(List<Judgement> acting) {
    if (acting.size() + batches.jobs() > braking.room() - rehearsed) {
      batches.settle();
    }
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

  /** Jobs whose change the table does not allow, with a reason; null when there are none. */
  @Nullable String refused() {
    return tally.refused();
  }

  /** Jobs that were changed, or would be, and are not among the told. */
  long more() {
    return tally.more();
  }

  long looked() {
    return looked;
  }

  long stuck() {
    return stuck;
  }

  long rescued() {
    return tally.rescued();
  }

  List<StuckJob> told() {
    return tally.told();
  }

  /**
   * Why it did not do all; null when it did. A sweep for one worker is about the jobs of dead
   * processes, and is done when only guesses are held back.
   */
  @Nullable Unfinished unfinished() {
    if (problem != null) {
      return new Unfinished(Hindrance.HELD, problem);
    }
    long held = tally.held();
    if (tally.provenHeld() || (held > 0 && query.worker() == null)) {
      return new Unfinished(Hindrance.HELD, held + " held back: " + braking.describe());
    }
    String left = tally.refused();
    String locked = tally.locked();
    if (locked != null) {
      return new Unfinished(Hindrance.LOCKED, left == null ? locked : locked + "; " + left);
    }
    return left == null ? null : new Unfinished(Hindrance.REFUSED, left);
  }
}
