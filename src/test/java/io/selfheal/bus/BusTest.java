package io.selfheal.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.AgentEvent;
import io.selfheal.message.Event;
import io.selfheal.message.Request;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusTest {
  private record Question(String text) {}

  private record Reply(int number) {}

  private static final Request<Question, Reply> ASK =
      new Request<>("test.ask", Question.class, Reply.class);

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void handsARecordOverByReference() throws InterruptedException {
    BlockingQueue<Event> seen = new LinkedBlockingQueue<>();
    bus.onEvent(seen::add);
    AgentEvent.Started event = new AgentEvent.Started("a", "1", 1);
    bus.publish(event);
    assertSame(event, seen.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void aReaderThatThrowsStaysSubscribed() throws InterruptedException {
    BlockingQueue<Event> seen = new LinkedBlockingQueue<>();
    bus.onEvent(
        event -> {
          seen.add(event);
          throw new IllegalStateException("a reader broke, as the test wants");
        });
    bus.publish(new AgentEvent.Started("a", "1", 1));
    bus.publish(new AgentEvent.Started("a", "1", 2));
    seen.poll(20, TimeUnit.SECONDS);
    assertEquals(2, ((AgentEvent.Started) seen.poll(20, TimeUnit.SECONDS)).pid());
  }

  @Test
  void answersARequest() throws TimeoutException {
    bus.answer(ASK, question -> Future.succeededFuture(new Reply(question.text().length())));
    assertEquals(new Reply(3), bus.ask(ASK, new Question("abc")).await(20, TimeUnit.SECONDS));
  }

  @Test
  void whatAHandlerThrowsReachesTheRequester() {
    bus.answer(
        ASK,
        question -> {
          throw new IllegalArgumentException("no such thing");
        });
    RequestFailed failure = failureOf(bus.ask(ASK, new Question("")));
    assertEquals(RequestFailed.Reason.FAILED, failure.reason());
    assertTrue(failure.getMessage().contains("no such thing"), failure.getMessage());
  }

  @Test
  void aFailedFutureReachesTheRequester() {
    bus.answer(ASK, question -> Future.failedFuture(new IllegalStateException("broken")));
    assertTrue(failureOf(bus.ask(ASK, new Question(""))).getMessage().contains("broken"));
  }

  @Test
  void saysWhenNobodyAnswersAndWhenAnAnswerIsLate() {
    assertEquals(
        RequestFailed.Reason.NOBODY_ANSWERS, failureOf(bus.ask(ASK, new Question(""))).reason());
    Promise<Reply> never = Promise.promise();
    bus.answer(ASK, question -> never.future());
    assertEquals(
        RequestFailed.Reason.TIMED_OUT,
        failureOf(bus.ask(ASK, new Question(""), Duration.ofMillis(20))).reason());
  }

  @Test
  void onABusApartNobodyHearsAndNobodyAnswers() throws InterruptedException {
    BlockingQueue<Event> seen = new LinkedBlockingQueue<>();
    bus.onEvent(seen::add);
    bus.answer(ASK, question -> Future.succeededFuture(new Reply(1)));
    Bus apart = bus.apart();
    apart.publish(new AgentEvent.Started("a", "1", 1));
    assertEquals(
        RequestFailed.Reason.NOBODY_ANSWERS, failureOf(apart.ask(ASK, new Question(""))).reason());
    bus.publish(new AgentEvent.Started("a", "1", 2));
    assertEquals(2, ((AgentEvent.Started) seen.poll(20, TimeUnit.SECONDS)).pid());
  }

  @Test
  void whatIsAnsweredAtOnceIsThereBeforeAskReturns() throws TimeoutException {
    assertTrue(onTheLoop(() -> bus.ask(ASK, new Question("abc")).result().equals(new Reply(3))));
  }

  @Test
  void fromAnotherThreadItIsAskedOverTheBus() throws TimeoutException {
    assertTrue(onTheLoop(() -> true));
    assertEquals(new Reply(4), bus.ask(ASK, new Question("abcd")).await(20, TimeUnit.SECONDS));
  }

  @Test
  void bothWaysFailInTheSameWords() throws TimeoutException {
    Future<Future<Reply>> here = onTheLoop(() -> bus.ask(ASK, new Question("")), "no such thing");
    String near = failureOf(here.await(20, TimeUnit.SECONDS)).getMessage();
    assertEquals(near, failureOf(bus.ask(ASK, new Question(""))).getMessage());
    assertTrue(near.contains("IllegalArgumentException: no such thing"), near);
  }

  @Test
  void aCancelledAnswerIsNobodysOnItsThreadToo() throws TimeoutException {
    assertEquals(
        RequestFailed.Reason.NOBODY_ANSWERS,
        failureOf(
                Future.future(
                    promise ->
                        vertx
                            .getOrCreateContext()
                            .runOnContext(
                                start ->
                                    bus.answerAtOnce(ASK, question -> new Reply(0))
                                        .cancel()
                                        .compose(done -> bus.ask(ASK, new Question("")))
                                        .onComplete(promise))))
            .reason());
  }

  private boolean onTheLoop(Supplier<Boolean> asking) throws TimeoutException {
    return onTheLoop(asking, "").await(20, TimeUnit.SECONDS);
  }

  /** Registers who answers on an event loop, and asks there. */
  private <T> Future<T> onTheLoop(Supplier<T> asking, String problem) {
    return Future.future(
        promise ->
            vertx
                .getOrCreateContext()
                .runOnContext(
                    start -> {
                      bus.answerAtOnce(ASK, question -> reply(question, problem));
                      promise.complete(asking.get());
                    }));
  }

  private static Reply reply(Question question, String problem) {
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException(problem);
    }
    return new Reply(question.text().length());
  }

  private static RequestFailed failureOf(Future<?> future) {
    Future<Throwable> failure =
        future.transform(
            done ->
                done.failed()
                    ? Future.succeededFuture(done.cause())
                    : Future.failedFuture("it succeeded: " + done.result()));
    try {
      return assertInstanceOf(RequestFailed.class, failure.await(20, TimeUnit.SECONDS));
    } catch (TimeoutException late) {
      throw new AssertionError("no answer", late);
    }
  }
}
