package io.selfheal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OneLoopTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  /** Notes what is done with it; the problem is why it does not start, or is empty. */
  private Deployable part(String name, String problem) {
    return new Deployable() {
      @Override
      public Future<?> deploy(Context context) {
        return note("start " + name, problem);
      }

      @Override
      public Future<?> undeploy(Context context) {
        return note("stop " + name, problem);
      }
    };
  }

  private Future<?> note(String what, String problem) {
    told.add(what);
    threads.add(Thread.currentThread());
    return problem.isEmpty() ? Future.succeededFuture() : Future.failedFuture(problem);
  }

  @Test
  void startsInOrderAndStopsInReverseOnOneThread() throws TimeoutException {
    String id =
        vertx
            .deployVerticle(new OneLoop(part("first", ""), part("second", "")))
            .await(20, TimeUnit.SECONDS);
    vertx.undeploy(id).await(20, TimeUnit.SECONDS);
    assertEquals(List.of("start first", "start second", "stop second", "stop first"), told);
    assertEquals(1, threads.size());
  }

  @Test
  void whatStartedBeforeOneThatDoesNotIsStopped() throws TimeoutException {
    OneLoop parts = new OneLoop(part("first", ""), part("second", "broken"), part("third", ""));
    Future<String> failure =
        vertx
            .deployVerticle(parts)
            .transform(done -> Future.succeededFuture(String.valueOf(done.cause())));
    assertTrue(failure.await(20, TimeUnit.SECONDS).contains("broken"));
    assertEquals(List.of("start first", "start second", "stop first"), told);
  }
}
