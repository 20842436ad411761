package io.selfheal.error;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Ids;
import io.selfheal.bus.Time;
import io.selfheal.message.ErrorEvent;
import io.selfheal.message.ErrorReport;
import io.selfheal.message.ErrorRequests;
import io.selfheal.message.ErrorRequests.Report;
import io.selfheal.message.ErrorRequests.Taken;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;

/** Takes reports of failures: each becomes one event with an id of its own. */
public final class ErrorDesk extends VerticleBase {
  // More than a client keeps for the next try; about 200 bytes each.
  private static final int REMEMBERED = 2_000;

  private final Bus bus;
  private final Ids ids;
  private final Recent recent = new Recent(REMEMBERED);

  /** Tells on this bus. */
  public ErrorDesk(Bus bus, Time time) {
    this.bus = bus;
    this.ids = new Ids(time);
  }

  @Override
  public Future<?> start() {
    bus.answer(ErrorRequests.REPORT, this::take);
    return Future.succeededFuture();
  }

  private Future<Taken> take(Report report) {
    List<String> given = new ArrayList<>();
    for (ErrorReport error : report.errors()) {
      boolean named = error.reportId() != null;
      given.add(named ? recent.id(error, () -> tell(error)) : tell(error));
    }
    return Future.succeededFuture(new Taken(given));
  }

  private String tell(ErrorReport error) {
    String id = ids.next();
    bus.publish(new ErrorEvent.Error(id, Summary.of(error), error));
    return id;
  }
}
