package io.selfheal.symptom;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.SymptomRequests.Tried;
import io.selfheal.rule.Rule;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries rules over the stored facts, one at a time: it reads much, and nothing depends on it. */
final class Trials {
  private static final Logger LOG = LoggerFactory.getLogger(Trials.class);

  private final Duration limit;
  private final Bus bus;
  private final Time time;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private boolean busy;

  /**
   * @param limit how long one may read
   */
  Trials(Duration limit, Bus bus, Time time) {
    this.limit = limit;
    this.bus = bus;
    this.time = time;
  }

  /** Begins; answers on the caller's context. */
  Future<Tried> begin(Rule rule, Instant since) {
    if (busy) {
      return Future.succeededFuture(Trial.not(rule, "another trial is under way; ask again"));
    }
    busy = true;
    Context context = Vertx.currentContext();
    Promise<Tried> promise = Promise.promise();
    threads.execute(
        () -> {
          Tried tried = run(rule, since);
          context.runOnContext(done -> promise.complete(tried));
        });
    return promise.future().onComplete(done -> busy = false);
  }

  private Tried run(Rule rule, Instant since) {
    try {
      return new Trial(rule, since, limit, bus, time).run();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Trial.not(rule, "the agent stops");
    } catch (Exception failure) {
      LOG.debug("Rule {} cannot be tried", rule.name(), failure);
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      return Trial.not(rule, "the journal cannot be read: " + cause.getMessage());
    }
  }

  void close() {
    threads.shutdownNow();
  }
}
