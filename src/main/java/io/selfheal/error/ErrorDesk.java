package io.selfheal.error;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.selfheal.bus.Bus;
import io.selfheal.message.ErrorEvent;
import io.selfheal.message.ErrorReport;
import io.selfheal.message.ErrorRequests;
import io.selfheal.message.ErrorRequests.Report;
import io.selfheal.message.ErrorRequests.Taken;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** Takes reports of failures: each becomes an event with an id of its own. */
public final class ErrorDesk extends VerticleBase {
  private final Bus bus;

  /** UUIDv7 (RFC 9562, section 5.7). */
  private final NoArgGenerator ids = Generators.timeBasedEpochGenerator(new SecureRandom());

  /** Tells on this bus. */
  public ErrorDesk(Bus bus) {
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    bus.answer(ErrorRequests.REPORT, this::take);
    return Future.succeededFuture();
  }

  private Future<Taken> take(Report report) {
    List<String> given = new ArrayList<>();
    for (ErrorReport error : report.errors()) {
      String id = ids.generate().toString();
      given.add(id);
      bus.publish(new ErrorEvent.Error(id, Summary.of(error), error));
    }
    return Future.succeededFuture(new Taken(given));
  }
}
