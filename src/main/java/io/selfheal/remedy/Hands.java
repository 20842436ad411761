package io.selfheal.remedy;

import io.selfheal.file.Failure;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs acts, each on a thread of its own, and interrupts those whose deadline has passed.
 *
 * <p>Not on virtual threads: a file operation holds the thread that carries one, and of those there
 * are as many as processors. A few acts on a disk that does not answer, which no interrupt ends,
 * would keep every other virtual thread of the agent from running.
 */
final class Hands {
  private static final Logger LOG = LoggerFactory.getLogger(Hands.class);

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("selfheal-remedy-", 1).factory());

  /**
   * An act under way.
   *
   * @param answer how it went; never fails, and comes at the deadline at the latest
   * @param ended when it really ended, which may be later for one that does not heed interrupts
   */
  record Work(Future<Performed> answer, Future<Void> ended) {}

  /** Begins; answers on the caller's context. */
  Work begin(Callable<Performed> act, Duration deadline) {
    Context context = Vertx.currentContext();
    Promise<Performed> answer = Promise.promise();
    Promise<Void> ended = Promise.promise();
    java.util.concurrent.Future<?> running =
        threads.submit(
            () -> {
              Performed performed = run(act);
              context.runOnContext(
                  done -> {
                    answer.tryComplete(performed);
                    ended.complete();
                  });
            });
    context
        .owner()
        .timer(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(
            late -> {
              if (answer.tryComplete(late(deadline))) {
                running.cancel(true);
              }
            });
    return new Work(answer.future(), ended.future());
  }

  private static Performed run(Callable<Performed> act) {
    try {
      return act.call();
    } catch (Exception | LinkageError failure) {
      LOG.debug("A remedy failed", failure);
      return new Performed(Outcome.FAILED, said(failure), List.of(), null);
    }
  }

  private static String said(Throwable failure) {
    if (failure instanceof FileSystemException file && file.getFile() != null) {
      return file.getFile() + " " + Failure.why(file);
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static Performed late(Duration deadline) {
    return new Performed(
        Outcome.FAILED,
        "did not end within " + deadline.toSeconds() + " s, and was interrupted",
        List.of(),
        null);
  }

  void close() {
    threads.shutdownNow();
  }
}
