package io.selfheal.service;

import io.selfheal.config.Suggestion;
import io.selfheal.message.Event;
import io.selfheal.message.Outcome;
import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.PermitAnswer;
import io.selfheal.message.PermitRequests.Receipt;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.PermitRequests.Report;
import io.selfheal.message.PermitRequests.Uncounted;
import io.selfheal.message.ServiceRequests.Force;
import io.selfheal.message.ServiceRequests.ForceAnswer;
import io.selfheal.message.ServiceRequests.ForceDone;
import io.selfheal.message.ServiceRequests.Hand;
import io.selfheal.message.ServiceRequests.Service;
import io.selfheal.message.ServiceRequests.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All guarded services, asked and told in the words of the messages. Use it on one thread. */
final class Guard {
  private static final Receipt COUNTED = new Receipt(true, null);

  private final int run;
  private final List<Guarded> services = new ArrayList<>();
  private final Map<String, Integer> names = new LinkedHashMap<>();

  /**
   * Makes them as if nothing was before.
   *
   * @param run a number that no earlier run of the agent had
   * @param jitter from 0 to 1
   */
  Guard(
      ServicesConfig config,
      Allowances allowances,
      int run,
      DoubleSupplier jitter,
      Consumer<Event> bus,
      Function<String, Place> places,
      Moment now) {
    this.run = run;
    News news = new News(bus);
    for (ServiceConfig service : config.services()) {
      names.put(service.name(), services.size());
      services.add(
          new Guarded(service, allowances, jitter, news, places.apply(service.name()), now));
    }
  }

  Optional<Guarded> named(String name) {
    return Optional.ofNullable(names.get(name)).map(services::get);
  }

  List<Guarded> all() {
    return services;
  }

  Unknown unknown(String name) {
    return new Unknown(name, Suggestion.near(name, names.keySet()));
  }

  PermitAnswer ask(AskPermit asked, Moment now) {
    Integer index = names.get(asked.service());
    if (index == null) {
      return unknown(asked.service());
    }
    Guarded service = services.get(index);
    long answer =
        service.ask(asked.costMicros(), asked.tokens(), asked.retry(), asked.dryRun(), now);
    if (answer < 0) {
      return refused(service, Refusal.of(answer), now);
    }
    String permit = answer == 0 ? null : PermitKey.text(run, index, answer);
    return new Granted(permit, service.expiry(now), service.circuit().probes());
  }

  /** Each for itself: one that is refused does not keep the others from theirs. */
  List<PermitAnswer> askAll(List<AskPermit> all, Moment now) {
    return all.stream().map(one -> ask(one, now)).toList();
  }

  private static Refused refused(Guarded service, Refusal refusal, Moment now) {
    return new Refused(
        refusal.reason(),
        Duration.ofNanos(Math.max(0, service.pause(refusal, now))),
        service.sentence(refusal),
        service.config().alternative().orElse(null));
  }

  List<Receipt> report(List<Report> reports, Moment now) {
    List<Receipt> receipts = new ArrayList<>(reports.size());
    for (Report report : reports) {
      Uncounted uncounted = report(report, now);
      receipts.add(uncounted == null ? COUNTED : new Receipt(false, uncounted));
    }
    return receipts;
  }

  private @Nullable Uncounted report(Report report, Moment now) {
    PermitKey permit = PermitKey.parse(report.permit());
    if (permit == null) {
      return Uncounted.UNKNOWN_PERMIT;
    }
    if (permit.run() != run) {
      return Uncounted.EARLIER_RUN;
    }
    if (permit.service() < 0 || permit.service() >= services.size()) {
      return Uncounted.UNKNOWN_PERMIT;
    }
    return services
        .get(permit.service())
        .report(
            permit.key(),
            report.outcome(),
            nanos(report.duration()),
            report.costMicros().orElse(-1),
            report.error(),
            now);
  }

  /** As much as fits; more than a day is no measure. */
  private static long nanos(@Nullable Duration duration) {
    if (duration == null || duration.isNegative()) {
      return -1;
    }
    return duration.compareTo(Duration.ofDays(1)) > 0
        ? Duration.ofDays(1).toNanos()
        : duration.toNanos();
  }

  ForceAnswer force(Force asked, Moment now) {
    Optional<Guarded> known = named(asked.service());
    if (known.isEmpty()) {
      return unknown(asked.service());
    }
    Guarded service = known.get();
    Instant until = asked.until();
    if (until != null && !now.instant().isBefore(until)) {
      return done(Outcome.REFUSED, "the time " + until + " is over already", service, now);
    }
    if (until != null && (asked.state() == Hand.RESET || asked.state() == Hand.AUTOMATIC)) {
      return done(
          Outcome.REFUSED,
          asked.state().name().toLowerCase(Locale.ROOT) + " has no end",
          service,
          now);
    }
    boolean changed = service.force(asked.state(), asked.reason(), asked.author(), until, now);
    return changed
        ? done(Outcome.DONE, "it is " + word(service) + " now", service, now)
        : done(
            Outcome.ALREADY_DONE,
            "it decides by itself already, and is " + word(service),
            service,
            now);
  }

  private static String word(Guarded service) {
    return service.phase().state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static ForceDone done(Outcome outcome, String detail, Guarded service, Moment now) {
    return new ForceDone(outcome, detail, View.breaker(service, now));
  }

  /** Those of a kind, or all. */
  List<Service> read(@Nullable String kind, Moment now) {
    return services.stream()
        .filter(service -> kind == null || service.config().kind().word().equals(kind))
        .map(service -> read(service, now))
        .toList();
  }

  static Service read(Guarded service, Moment now) {
    service.tick(now);
    return View.of(service, now);
  }

  /** Lets happen what time alone brings. */
  void tick(Moment now) {
    for (Guarded service : services) {
      service.tick(now);
    }
  }
}
