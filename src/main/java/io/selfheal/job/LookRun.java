package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.job.Pages.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One look over one source: changes nothing, and ends at the first batch with work for a sweep that
 * rests on proof. Guesses wait for the end of the look, when it is known how many holders look
 * stale.
 */
final class LookRun {
  private final boolean holders;
  private final Forms forms;
  private final Lefts lefts;
  private final StuckNews news;
  private final Braking braking;
  private final Quarantine quarantine;
  private final Refused refused;
  private final Bus bus;
  private final Census census = new Census();
  private long looked;
  private long stuck;
  private boolean found;

  /**
   * @param holders whether jobs have holders that can be counted
   * @param forms learns how they are written
   */
  LookRun(
      boolean holders,
      Forms forms,
      Lefts lefts,
      StuckNews news,
      Braking braking,
      Quarantine quarantine,
      Refused refused,
      Bus bus) {
    this.holders = holders;
    this.forms = forms;
    this.lefts = lefts;
    this.news = news;
    this.braking = braking;
    this.quarantine = quarantine;
    this.refused = refused;
    this.bus = bus;
  }

  void run(Pages pages, BooleanSupplier stopping) {
    lefts.begin();
    List<Judgement> guesses = List.of();
    Optional<Page> page = pages.next();
    while (page.isPresent() && !stopping.getAsBoolean()) {
      List<Judgement> sure = look(page.get());
      if (said(sure)) {
        return;
      }
      guesses = guesses.isEmpty() ? page.get().guesses() : guesses;
      page = pages.next();
    }
    if (stopping.getAsBoolean()) {
      return;
    }
    braking.counted(census);
    said(guesses);
    lefts.end();
  }

  /** What of a batch need not wait; all of it where no holder can be counted. */
  private List<Judgement> look(Page page) {
    looked += page.looked();
    stuck += page.stuck().size();
    census.add(page);
    forms.add(page.holders());
    lefts.say(page.stuck()).forEach(bus::publish);
    quarantine.left(page.stuck());
    return holders ? page.proofs() : page.acting();
  }

  /**
   * Whether there is work for a sweep. Nobody is asked for one in vain: not for what it would
   * leave, and not while it may rescue nothing.
   */
  private boolean said(List<Judgement> acting) {
    if (acting.isEmpty()) {
      return false;
    }
    found = true;
    List<Judgement> judged = acting.stream().map(braking::held).map(refused::held).toList();
    lefts.say(judged).forEach(bus::publish);
    braking.tell(judged);
    List<Judgement> free = judged.stream().filter(Judgement::acts).toList();
    if (braking.room() > 0) {
      news.say(free).ifPresent(bus::publish);
    }
    return !free.isEmpty();
  }

  /** Whether there is work for a sweep, now or later. */
  boolean found() {
    return found;
  }

  long looked() {
    return looked;
  }

  long stuck() {
    return stuck;
  }
}
