package io.selfheal.heal;

import io.selfheal.bus.Bus;
import io.selfheal.message.HealRequests.Switch;
import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Incidents;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.message.JournalRequests.Recall;
import io.selfheal.message.JournalRequests.Recalled;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier run of the agent left in the journal.
 *
 * @param open incidents that are not over
 * @param recent incidents that are open, or were over lately
 */
record Past(Switch pause, ClockLog clock, List<Incident> open, List<Incident> recent) {
  private static final int PAGE = 200;
  private static final int MOST = 10_000;

  /**
   * Reads it. The future fails when the journal cannot answer.
   *
   * @param since from when on incidents that are over still count, by how the clock was set
   */
  static Future<Past> read(Bus bus, String agent, Function<ClockLog, Instant> since) {
    return recall(bus, PauseSwitch.KEY)
        .map(recalled -> pause(recalled.value()))
        .compose(
            pause ->
                recall(bus, ClockKeeper.KEY)
                    .map(recalled -> ClockKeeper.read(recalled.value()))
                    .compose(clock -> read(bus, agent, pause, clock, since.apply(clock))));
  }

  private static Future<Recalled> recall(Bus bus, String key) {
    return bus.ask(JournalRequests.RECALL, new Recall(key));
  }

  private static Future<Past> read(
      Bus bus, String agent, Switch pause, ClockLog clock, Instant since) {
    return pages(bus, true, null, null, new ArrayList<>())
        .compose(
            open ->
                pages(bus, false, since, null, new ArrayList<>())
                    .map(recent -> new Past(pause, clock, of(agent, open), of(agent, recent))));
  }

  private static Switch pause(@Nullable String remembered) {
    try {
      return PauseSwitch.read(remembered);
    } catch (IOException unreadable) {
      throw new IllegalStateException(
          "the remembered pause cannot be read: " + remembered, unreadable);
    }
  }

  private static Future<List<Incident>> pages(
      Bus bus,
      boolean openOnly,
      @Nullable Instant since,
      @Nullable String before,
      List<Incident> sofar) {
    return bus.ask(JournalRequests.INCIDENTS, new ListIncidents(openOnly, before, PAGE, since))
        .compose(
            page -> {
              sofar.addAll(page.incidents());
              return last(page, sofar.size())
                  ? Future.succeededFuture(sofar)
                  : pages(bus, openOnly, since, page.next(), sofar);
            });
  }

  private static boolean last(Incidents page, int read) {
    return page.next() == null || page.incidents().isEmpty() || read >= MOST;
  }

  private static List<Incident> of(String agent, List<Incident> incidents) {
    return incidents.stream().filter(one -> one.agent().equals(agent)).toList();
  }
}
