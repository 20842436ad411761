package io.selfheal.service;

import io.selfheal.message.Money;
import io.selfheal.message.ServiceRequests;
import io.selfheal.message.ServiceRequests.Bucket;
import io.selfheal.message.ServiceRequests.Budget;
import io.selfheal.message.ServiceRequests.Limits;
import io.selfheal.message.ServiceRequests.Rates;
import io.selfheal.message.ServiceRequests.RetryBudget;
import io.selfheal.message.ServiceRequests.Service;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One service as people see it. */
final class View {
  private static final double THOUSANDTHS = RetryConfig.TOKEN;

  private View() {}

  static Service of(Guarded service, Moment now) {
    ServiceConfig config = service.config();
    return new Service(
        config.name(),
        config.kind().word(),
        breaker(service, now),
        rates(service, now),
        limits(service, now),
        budget(service.ledger()),
        retryBudget(config.retries(), service.quotas().retries()),
        service.durations(now),
        service.counts().read(),
        config.alternative().orElse(null));
  }

  static ServiceRequests.Breaker breaker(Guarded service, Moment now) {
    Phase phase = service.phase();
    return new ServiceRequests.Breaker(
        phase.state(),
        Instant.ofEpochMilli(phase.since()),
        phase.lasting() > 0 ? now.at(phase.until()) : null,
        phase.epoch(),
        phase.openings(),
        phase.reason(),
        phase.author(),
        service.circuit().company().openElsewhere());
  }

  private static Rates rates(Guarded service, Moment now) {
    BreakerConfig config = service.config().breaker();
    Window window = service.circuit().window();
    if (window == null) {
      return new Rates(config.window(), 0, 0, 0, null, null, 0);
    }
    window.advance(now.mark());
    int calls = window.calls();
    return new Rates(
        config.window(),
        calls,
        window.failures(),
        window.slow(),
        share(window.failures(), calls),
        share(window.slow(), calls),
        calls == 0 ? 0 : window.consecutive());
  }

  /** Of no calls there is no rate. */
  private static @Nullable Double share(int part, int calls) {
    return calls == 0 ? null : (double) part / calls;
  }

  private static Limits limits(Guarded service, Moment now) {
    LimitsConfig config = service.config().limits();
    Quotas quotas = service.quotas();
    return new Limits(
        bucket(config.rate().orElse(null), quotas.rateFullAt(), now),
        bucket(config.tokens().orElse(null), quotas.tokensFullAt(), now),
        config.concurrent() == 0 ? null : config.concurrent(),
        service.open(),
        config.permitExpiry());
  }

  private static @Nullable Bucket bucket(@Nullable Rate rate, long fullAt, Moment now) {
    return rate == null
        ? null
        : new Bucket(rate.amount(), rate.per(), rate.free(fullAt, now.mark()));
  }

  private static @Nullable Budget budget(@Nullable Ledger ledger) {
    if (ledger == null) {
      return null;
    }
    BudgetConfig config = ledger.config();
    return new Budget(
        Money.decimal(config.amount()),
        config.currency(),
        config.per(),
        config.zone().getId(),
        Money.decimal(ledger.spent()),
        Money.decimal(ledger.reserved()),
        Money.decimal(ledger.elsewhere()),
        Instant.ofEpochMilli(ledger.period().start()),
        Instant.ofEpochMilli(ledger.period().end()),
        config.warnAt(),
        ledger.level());
  }

  private static RetryBudget retryBudget(RetryConfig config, int left) {
    return new RetryBudget(left / THOUSANDTHS, config.tokens(), config.allows(left));
  }
}
