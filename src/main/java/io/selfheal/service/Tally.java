package io.selfheal.service;

import io.selfheal.message.Money;
import io.selfheal.message.PermitRequests.Reason;
import io.selfheal.message.ServiceRequests.Counts;
import java.util.EnumMap;
import java.util.Map;

/** What happened since this run of the agent began. */
final class Tally {
  private final long[] refused = new long[Refusal.count()];
  long granted;
  long probes;
  long succeeded;
  long failed;
  long neutral;
  long ignored;
  long lost;
  long late;
  long cost;

  void refused(Refusal refusal) {
    refused[refusal.index()]++;
  }

  void weigh(Weight weight) {
    switch (weight) {
      case GOOD -> succeeded++;
      case BAD -> failed++;
      case NEUTRAL -> neutral++;
      case NONE -> ignored++;
    }
  }

  Counts read() {
    Map<Reason, Long> reasons = new EnumMap<>(Reason.class);
    for (int i = 0; i < refused.length; i++) {
      if (refused[i] > 0) {
        reasons.merge(Refusal.at(i).reason(), refused[i], Long::sum);
      }
    }
    return new Counts(
        granted,
        probes,
        reasons,
        succeeded,
        failed,
        neutral,
        ignored,
        lost,
        late,
        Money.decimal(cost));
  }
}
