package io.selfheal.api;

import io.selfheal.api.Gate.Access;
import io.selfheal.bus.Bus;
import io.selfheal.message.Money;
import io.selfheal.message.PermitRequests;
import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.PermitAnswer;
import io.selfheal.message.PermitRequests.Receipt;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.PermitRequests.Report;
import io.selfheal.message.PermitRequests.Reports;
import io.selfheal.message.PermitRequests.Uncounted;
import io.selfheal.message.ServiceRequests.Unknown;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Leave for calls of services, and how the calls went. */
final class PermitRoutes {
  private static final int MOST = 1_000;
  private static final long MOST_TOKENS = 1_000_000_000_000L;

  private final Bus bus;

  PermitRoutes(Bus bus) {
    this.bus = bus;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("/api/v1/services/{name}/permits", Access.WORKER, this::ask),
        Endpoint.post("/api/v1/permits", Access.WORKER, this::askAll),
        Endpoint.post("/api/v1/permits/{permit}/report", Access.WORKER, this::report),
        Endpoint.post("/api/v1/permits/reports", Access.WORKER, this::reports));
  }

  private Future<Reply> ask(Call call) {
    AskPermit query = call.body(PermitBody.class).of(call.path("name"));
    return bus.ask(PermitRequests.PERMIT, query).map(PermitRoutes::reply);
  }

  private Future<Reply> askAll(Call call) {
    return bus.ask(PermitRequests.PERMITS, call.body(PermitBatch.PermitsBody.class).of())
        .map(answers -> Reply.json(PermitBatch.PermitResults.of(answers)));
  }

  private static Reply reply(PermitAnswer answer) {
    return switch (answer) {
      case Granted granted when granted.permit() == null -> Reply.json(granted);
      case Granted granted -> Reply.created(granted);
      case Refused refused -> PermitRefusal.of(refused);
      case Unknown unknown -> throw ServiceRoutes.unknown(unknown);
    };
  }

  private Future<Reply> report(Call call) {
    String permit = call.path("permit");
    ReportBody body = call.body(ReportBody.class);
    if (body.permit() != null && !body.permit().equals(permit)) {
      throw ApiFailure.field("permit", "is another than the path names");
    }
    Report report = body.of(permit);
    return bus.ask(PermitRequests.REPORT, new Reports(List.of(report)))
        .map(receipts -> receipt(receipts.receipts().getFirst()));
  }

  private static Reply receipt(Receipt receipt) {
    if (receipt.reason() == Uncounted.UNKNOWN_PERMIT) {
      throw ApiFailure.of(
          ProblemKind.NOT_FOUND, "no permit of this agent is called so, or it is long forgotten");
    }
    return Reply.json(receipt);
  }

  private Future<Reply> reports(Call call) {
    List<Report> reports =
        Objects.requireNonNull(call.body(ReportsBody.class).reports()).stream()
            .map(one -> Objects.requireNonNull(one))
            .map(one -> one.of(Objects.requireNonNull(one.permit())))
            .toList();
    return bus.ask(PermitRequests.REPORT, new Reports(reports)).map(Reply::json);
  }

  /** Notes an amount of money that cannot be one. */
  static void checkCost(FieldCheck check, @Nullable BigDecimal cost) {
    if (cost != null && Money.micros(cost).isEmpty()) {
      check.wrong("cost", "must be from 0 to " + Money.decimal(Money.MOST).toBigInteger());
    }
  }

  /**
   * What a call needs.
   *
   * @param cost what it may cost, at most, in the budget's currency; null when that is not known
   * @param tokens of the second unit; null when it has none
   * @param retry whether it is tried again after a failure
   */
  record PermitBody(
      @Nullable BigDecimal cost,
      @Nullable Long tokens,
      @Nullable Boolean dryRun,
      @Nullable Boolean retry)
      implements Body {
    @Override
    public void check(FieldCheck check) {
      checkCost(check, cost);
      check.range("tokens", tokens, 0, MOST_TOKENS);
    }

    AskPermit of(String service) {
      return new AskPermit(
          service,
          cost == null ? 0 : Money.micros(cost).orElseThrow(),
          tokens == null ? 0 : tokens,
          Boolean.TRUE.equals(dryRun),
          Boolean.TRUE.equals(retry));
    }
  }

  /** Several reports. */
  record ReportsBody(@Nullable List<@Nullable ReportBody> reports) implements Body {
    @Override
    public void check(FieldCheck check) {
      check.each("reports", reports, MOST, ReportsBody::named);
    }

    /** Here no path names the permit. */
    private static void named(ReportBody report, FieldCheck inside) {
      if (report.permit() == null) {
        inside.wrong("permit", "is missing");
      }
      report.check(inside);
    }
  }
}
