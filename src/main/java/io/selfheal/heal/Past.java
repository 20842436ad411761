package io.selfheal.heal;

import io.selfheal.bus.Bus;
import io.selfheal.message.HealRequests.Switch;
import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Incidents;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.message.JournalRequests.Recall;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier run of the agent left in the journal.
 *
 * @param open incidents that are not over
 * @param recent incidents opened lately, over or not
 */
record Past(Switch pause, List<Incident> open, List<Incident> recent) {
  private static final int PAGE = 200;
  private static final int MOST = 10_000;

  /** Reads it. The future fails when the journal cannot answer. */
  static Future<Past> read(Bus bus, String agent, Instant since) {
    return bus.ask(JournalRequests.RECALL, new Recall(PauseSwitch.KEY))
        .map(recalled -> pause(recalled.value()))
        .compose(
            pause ->
                pages(bus, true, Instant.MIN, null, new ArrayList<>())
                    .compose(
                        open ->
                            pages(bus, false, since, null, new ArrayList<>())
                                .map(
                                    recent ->
                                        new Past(pause, of(agent, open), of(agent, recent)))));
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
      Bus bus, boolean openOnly, Instant since, @Nullable String before, List<Incident> sofar) {
    return bus.ask(JournalRequests.INCIDENTS, new ListIncidents(openOnly, before, PAGE))
        .compose(
            page -> {
              sofar.addAll(page.incidents());
              return last(page, since, sofar.size())
                  ? Future.succeededFuture(sofar)
                  : pages(bus, openOnly, since, page.next(), sofar);
            });
  }

  private static boolean last(Incidents page, Instant since, int read) {
    boolean old =
        !page.incidents().isEmpty() && page.incidents().getLast().openedAt().isBefore(since);
    return page.next() == null || page.incidents().isEmpty() || old || read >= MOST;
  }

  private static List<Incident> of(String agent, List<Incident> incidents) {
    return incidents.stream().filter(one -> one.agent().equals(agent)).toList();
  }
}
