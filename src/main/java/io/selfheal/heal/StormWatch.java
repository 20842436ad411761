package io.selfheal.heal;

import io.selfheal.heal.StormCheck.Storm;
import io.selfheal.message.BreakerEvent;
import io.selfheal.message.Event;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Gathers who fell sick in the storm that goes on, and what is known to be wrong meanwhile. */
final class StormWatch {
  /** As many as the history keeps. */
  private static final int MOST = History.MOST;

  private final Map<String, Fallen> fallen = new LinkedHashMap<>();
  private final Map<String, String> away = new LinkedHashMap<>();

  void hear(Event event) {
    switch (event) {
      case BreakerEvent.Opened opened -> away.put(opened.service(), opened.cause());
      case BreakerEvent.Closed closed -> away.remove(closed.service());
      default -> {}
    }
  }

  /** Nothing goes on: the next storm is another. */
  void calm() {
    fallen.clear();
  }

  /**
   * The storm in a sentence, with all that fell sick in it so far.
   *
   * @param cases those that are open
   */
  String told(Storm storm, Collection<Case> cases, Optional<String> starved) {
    for (Case one : cases) {
      String subject = one.incident().subject();
      if (storm.struck(one) && fallen.size() < MOST) {
        fallen.putIfAbsent(subject, new Fallen(subject, one.cause(), one.opened()));
      }
    }
    return InCommon.told(fallen.values(), starved, away);
  }
}
