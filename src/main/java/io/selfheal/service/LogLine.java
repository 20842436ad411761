package io.selfheal.service;

import io.selfheal.message.BreakerEvent;
import io.selfheal.message.BudgetEvent;
import io.selfheal.message.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of a service stands in the log: what stops calls, and that they pass again. */
final class LogLine {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceGuard.class);

  private LogLine() {}

  static void write(Event event) {
    switch (event) {
      case BreakerEvent.Opened opened ->
          LOG.warn("{}: calls are refused at once: {}", opened.service(), opened.cause());
      case BreakerEvent.HalfOpened half -> LOG.info("{}: a few calls pass, to see", half.service());
      case BreakerEvent.Closed closed -> LOG.info("{}: calls pass again", closed.service());
      case BreakerEvent.Forced forced ->
          LOG.warn(
              "{}: its breaker is {} by {}: {}",
              forced.service(),
              forced.state(),
              forced.author(),
              forced.reason());
      case BudgetEvent.Warned warned ->
          LOG.warn(
              "{}: {} of its budget of {} {} are used",
              warned.service(),
              warned.used(),
              warned.amount(),
              warned.currency());
      case BudgetEvent.Exhausted used ->
          LOG.warn(
              "{}: calls are refused: its budget of {} {} is used",
              used.service(),
              used.amount(),
              used.currency());
      case BudgetEvent.Reset reset ->
          LOG.info(
              "{}: a new period of its budget of {} {} begins",
              reset.service(),
              reset.amount(),
              reset.currency());
      default -> LOG.debug("{}", event);
    }
  }
}
