package io.selfheal.bus;

import io.selfheal.message.Event;
import io.selfheal.message.Request;
import io.selfheal.message.Topic;
import io.selfheal.message.Topics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The typed face of the event bus. Handlers run on the context that registered them, one at a time,
 * so a verticle's state needs no lock.
 */
public final class Bus {
  /** How long a requester waits unless it says otherwise. */
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

  private final EventBus eventBus;
  private final String prefix;
  private final Map<String, Near> near = new ConcurrentHashMap<>();

  /** One for each Vert.x: it registers the codec. */
  public Bus(Vertx vertx) {
    this(vertx.eventBus(), "");
    eventBus.registerCodec(new LocalCodec());
    eventBus.codecSelector(body -> LocalCodec.NAME);
  }

  private Bus(EventBus eventBus, String prefix) {
    this.eventBus = eventBus;
    this.prefix = prefix;
  }

  /**
   * A bus on which nobody is: what is published there is heard by nobody, and every request fails
   * with {@link RequestFailed.Reason#NOBODY_ANSWERS}.
   */
  public Bus apart() {
    return new Bus(eventBus, "apart.");
  }

  /** Publishes a fact to whoever listens. */
  public void publish(Event event) {
    publish(Topics.EVENTS, event);
  }

  /** Publishes on another topic. */
  public <E> void publish(Topic<E> topic, E message) {
    eventBus.publish(prefix + topic.address(), message, local());
  }

  /** Listens to every fact. */
  public Subscription onEvent(Consumer<Event> handler) {
    return on(Topics.EVENTS, handler);
  }

  /** Listens to another topic. A handler that throws is logged and stays subscribed. */
  public <E> Subscription on(Topic<E> topic, Consumer<E> handler) {
    MessageConsumer<Object> consumer =
        eventBus.localConsumer(
            prefix + topic.address(),
            message -> {
              E body = topic.type().cast(message.body());
              try {
                handler.accept(body);
              } catch (RuntimeException failure) {
                LOG.error("A reader of {} failed on {}", topic.address(), body, failure);
              }
            });
    return consumer::unregister;
  }

  /**
   * Answers a request. What the handler throws, or its future fails with, reaches the requester as
   * {@link RequestFailed}.
   */
  public <Q, R> Subscription answer(Request<Q, R> request, Function<Q, Future<R>> handler) {
    MessageConsumer<Object> consumer =
        eventBus.localConsumer(
            prefix + request.address(), message -> reply(request, handler, message));
    return consumer::unregister;
  }

  /**
   * Answers a request with what is known at once. Who asks on the very thread that called this, an
   * event loop's, has the answer before {@link #ask} returns: two rounds through the queue of the
   * loop and a timer cost more than most such answers. So the handler must not ask itself, and
   * whoever asks must not be in the middle of a change that the handler could see.
   */
  public <Q, R> Subscription answerAtOnce(Request<Q, R> request, Function<Q, R> handler) {
    Near here =
        new Near(Thread.currentThread(), query -> handler.apply(request.query().cast(query)));
    if (Context.isOnEventLoopThread()) {
      near.put(request.address(), here);
    }
    Subscription known = answer(request, query -> Future.succeededFuture(handler.apply(query)));
    return () -> {
      near.remove(request.address(), here);
      return known.cancel();
    };
  }

  private static <Q, R> void reply(
      Request<Q, R> request, Function<Q, Future<R>> handler, Message<Object> message) {
    Future<R> answer;
    try {
      answer = handler.apply(request.query().cast(message.body()));
    } catch (RuntimeException | Error failure) {
      answer = Future.failedFuture(failure);
    }
    answer
        .onSuccess(body -> message.reply(body, local()))
        .onFailure(
            failure -> {
              LOG.debug("{} failed", request.address(), failure);
              message.fail(0, words(failure));
            });
  }

  private static String words(Throwable failure) {
    return failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }

  /** Asks, and waits for {@link #DEFAULT_LIMIT}. */
  public <Q, R> Future<R> ask(Request<Q, R> request, Q query) {
    return ask(request, query, DEFAULT_LIMIT);
  }

  /** Asks, and waits for {@code limit}. Fails with {@link RequestFailed}, never otherwise. */
  public <Q, R> Future<R> ask(Request<Q, R> request, Q query, Duration limit) {
    Near here = near.get(request.address());
    if (here != null && here.thread() == Thread.currentThread()) {
      return askHere(request, here, query);
    }
    return eventBus
        .request(prefix + request.address(), query, local().setSendTimeout(limit.toMillis()))
        .map(message -> request.reply().cast(message.body()))
        .recover(failure -> Future.failedFuture(explain(request, failure, limit)));
  }

  private static <Q, R> Future<R> askHere(Request<Q, R> request, Near here, Q query) {
    try {
      return Future.succeededFuture(request.reply().cast(here.handler().apply(query)));
    } catch (RuntimeException | Error failure) {
      LOG.debug("{} failed", request.address(), failure);
      return Future.failedFuture(
          new RequestFailed(RequestFailed.Reason.FAILED, request.address(), words(failure)));
    }
  }

  private static RequestFailed explain(Request<?, ?> request, Throwable failure, Duration limit) {
    if (!(failure instanceof ReplyException reply)) {
      return new RequestFailed(RequestFailed.Reason.FAILED, request.address(), "" + failure);
    }
    if (reply.failureType() == ReplyFailure.TIMEOUT) {
      return new RequestFailed(
          RequestFailed.Reason.TIMED_OUT,
          request.address(),
          "no answer within " + limit.toMillis() + " ms");
    }
    if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
      return new RequestFailed(
          RequestFailed.Reason.NOBODY_ANSWERS, request.address(), "that part does not run");
    }
    return new RequestFailed(
        RequestFailed.Reason.FAILED, request.address(), String.valueOf(reply.getMessage()));
  }

  private static DeliveryOptions local() {
    return new DeliveryOptions().setLocalOnly(true).setCodecName(LocalCodec.NAME);
  }

  /** Who answers at once, for those on the same thread. */
  private record Near(Thread thread, Function<Object, Object> handler) {}

  /** A registration that can be ended. */
  @FunctionalInterface
  public interface Subscription {
    /** Stops listening. */
    Future<Void> cancel();
  }
}
