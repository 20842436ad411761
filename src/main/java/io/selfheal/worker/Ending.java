package io.selfheal.worker;

import io.selfheal.message.WorkerRequests.Ended;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** The wish that a process ends: its end is then no loss. */
final class Ending {
  final String reason;
  final List<Promise<Ended>> waiting = new ArrayList<>();

  Ending(String reason) {
    this.reason = reason;
  }
}
