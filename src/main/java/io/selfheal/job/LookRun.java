package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.job.Pages.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One look over one source: changes nothing, and ends at the first batch with work for a sweep. */
final class LookRun {
  private final Lefts lefts;
  private final StuckNews news;
  private final Bus bus;
  private long looked;
  private long stuck;
  private boolean found;

  LookRun(Lefts lefts, StuckNews news, Bus bus) {
    this.lefts = lefts;
    this.news = news;
    this.bus = bus;
  }

  void run(Pages pages, BooleanSupplier stopping) {
    lefts.begin();
    Optional<Page> page = pages.next();
    while (page.isPresent() && !stopping.getAsBoolean()) {
      looked += page.get().looked();
      stuck += page.get().stuck().size();
      lefts.say(page.get().stuck()).forEach(bus::publish);
      List<Judgement> acting = page.get().acting();
      if (!acting.isEmpty()) {
        found = true;
        news.say(acting).ifPresent(bus::publish);
        return;
      }
      page = pages.next();
    }
    lefts.end();
  }

  /** Whether there is work for a sweep. */
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
