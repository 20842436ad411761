package io.selfheal.message;

import java.math.BigDecimal;
import java.time.Instant;

/** What services may cost in a day or a month. Amounts are exact, in the budget's currency. */
public sealed interface BudgetEvent extends Event {
  /** The service that costs. */
  String service();

  /** The budget of the period. */
  BigDecimal amount();

  /** The currency of the amounts, such as USD. */
  String currency();

  @Override
  default String subject() {
    return Subject.service(service());
  }

  /**
   * The share at which the budget warns is used, by what is spent and what is reserved for open
   * permits. Once a period.
   *
   * @param used spent and reserved
   * @param warnAt the share, from 0 to 1
   * @param resetsAt when the next period begins
   */
  record Warned(
      String service,
      BigDecimal amount,
      String currency,
      BigDecimal used,
      double warnAt,
      Instant resetsAt)
      implements BudgetEvent {
    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /**
   * A call was refused because the budget does not cover it. Once a period.
   *
   * @param used spent and reserved
   * @param resetsAt when the next period begins
   */
  record Exhausted(
      String service, BigDecimal amount, String currency, BigDecimal used, Instant resetsAt)
      implements BudgetEvent {
    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /**
   * A new period began.
   *
   * @param spent in the period that is over
   * @param resetsAt when the next period begins
   */
  record Reset(
      String service, BigDecimal amount, String currency, BigDecimal spent, Instant resetsAt)
      implements BudgetEvent {
    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }
}
