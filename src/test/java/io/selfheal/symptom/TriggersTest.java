package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.Section;
import io.selfheal.message.HostEvent;
import io.selfheal.rule.Rule;
import io.selfheal.rule.RuleBook;
import io.selfheal.rule.RulesReader;
import io.selfheal.rule.Symptom;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The triggers of rules, from their reading to the end of the watch. */
@Timeout(60)
class TriggersTest {
  private static final Path HOST = Path.of("/proc/pressure/memory");
  private static final StallLimit LIMIT =
      new StallLimit(Duration.ofMillis(20), Duration.ofSeconds(2));
  private static final HostEvent.Stalled WORD =
      new HostEvent.Stalled("file", LIMIT.stalled(), LIMIT.window());

  @TempDir private Path home;
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  /** Wants what the test says, and keeps what it is told. */
  private static final class Wanting implements Triggered, Symptom {
    final Set<Trigger> triggers;
    final BlockingQueue<Map<Trigger, String>> refusals = new LinkedBlockingQueue<>();

    Wanting(Trigger... triggers) {
      this.triggers = Set.of(triggers);
    }

    @Override
    public String name() {
      return "wanting";
    }

    @Override
    public String description() {
      return "wants triggers";
    }

    @Override
    public Make read(Section where, Section enter, Section leave) {
      return () -> this;
    }

    @Override
    public Set<Trigger> triggers() {
      return triggers;
    }

    @Override
    public void refused(Map<Trigger, String> why) {
      refusals.add(why);
    }

    Watched watched() throws Exception {
      Rule rule =
          new RulesReader(Map.of(name(), this), Map.of())
              .read("rules.yaml", "rules: [{name: it, symptom: wanting}]\n")
              .all()
              .getFirst();
      return new Watched(rule);
    }

    String why(Trigger trigger, Runnable renew) throws InterruptedException {
      while (true) {
        renew.run();
        String why = refusals.poll(20, TimeUnit.SECONDS).get(trigger);
        if (why != null) {
          return why;
        }
      }
    }
  }

  private static <T> T wait(Future<T> future) throws TimeoutException {
    return future.await(20, TimeUnit.SECONDS);
  }

  private static void on(Context context, Runnable action) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        then -> {
          action.run();
          done.complete();
        });
    done.future().await();
  }

  /** Each who wants it learns why it cannot be had; the log has it once. */
  @Test
  void aRefusalIsToldToTheRulesAndOnceToTheLog() throws Exception {
    Trigger no = new Trigger(home.resolve("no"), 0, LIMIT);
    Trigger neither = new Trigger(home.resolve("neither"), 0, LIMIT);
    Trigger left = new Trigger(home.resolve("left"), 7, LIMIT);
    Wanting one = new Wanting(no, left);
    Wanting other = new Wanting(no, neither);
    List<Watched> watched = List.of(one.watched(), other.watched());
    Logger log = (Logger) LoggerFactory.getLogger(Triggers.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    log.addAppender(lines);
    Context context = vertx.getOrCreateContext();
    Triggers triggers = new Triggers(context, stalled -> {});
    Runnable renew = () -> on(context, () -> triggers.renew(watched));
    try {
      assertEquals(no.file() + " is not there", one.why(no, renew));
      assertEquals(left.file() + " is not there", one.why(left, renew));
      assertEquals(neither.file() + " is not there", other.why(neither, renew));
      assertEquals(1, lines.list.size(), lines.list.toString());
      String line = lines.list.getFirst().getFormattedMessage();
      assertTrue(
          line.matches("Memory pressure is read each second, and not told by .*/n.* is not there"),
          line);
    } finally {
      log.detachAppender(lines);
      on(context, triggers::close);
    }
  }

  private SymptomWatch deploy(RuleBook book) throws TimeoutException {
    Time time = new Time(() -> Instant.EPOCH.plusNanos(nanos.get()), nanos::get);
    SymptomWatch watch = new SymptomWatch(book, bus, time);
    wait(vertx.deployVerticle(watch));
    return watch;
  }

  private static RuleBook book(String enter) throws Exception {
    return new RuleBook(Seat.read(rules(enter)));
  }

  private static String rules(String enter) {
    return "rules: [{name: host, symptom: memory_pressure, enter: {%s}}]\n".formatted(enter);
  }

  private static void await(long wanted) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (Descriptors.of(HOST) != wanted) {
      assertTrue(System.nanoTime() < end, "it did not come");
      Thread.onSpinWait();
    }
  }

  @Test
  void rulesThatAreReadAnewEndTheirTriggersAndBeginOthers() throws Exception {
    assumeTrue(Files.isWritable(HOST), "skipped: this kernel gives no triggers of its pressure");
    long before = Descriptors.of(HOST);
    RuleBook book = book("stalled: 150ms of 2s");
    deploy(book);
    await(before + 1);
    book.replace(Seat.read(rules("stalled: never")));
    await(before);
    book.replace(Seat.read(rules("some: 30%")));
    await(before + 1);
    for (String id : vertx.deploymentIDs()) {
      wait(vertx.undeploy(id));
    }
    assertEquals(before, Descriptors.of(HOST), "they are closed when the watch has ended");
  }

  /** A stall that the kernel told while the agent could not hear it is not one of now. */
  @Test
  void whatIsHeardAfterTheAgentStoodStillIsNotBelieved() throws Exception {
    BlockingQueue<HostEvent.Stalled> heard = new LinkedBlockingQueue<>();
    bus.onEvent(
        event -> {
          if (event instanceof HostEvent.Stalled stalled) {
            heard.add(stalled);
          }
        });
    SymptomWatch watch = deploy(book("stalled: never"));
    Context context = vertx.getOrCreateContext();
    on(context, () -> watch.stalled(WORD));
    assertEquals(WORD, heard.poll(20, TimeUnit.SECONDS));
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    on(context, () -> watch.stalled(WORD));
    nanos.addAndGet(Duration.ofMillis(1_001).toNanos());
    HostEvent.Stalled later = new HostEvent.Stalled("later", LIMIT.stalled(), LIMIT.window());
    on(context, () -> watch.stalled(later));
    assertEquals(later, heard.poll(20, TimeUnit.SECONDS));
    assertNull(heard.poll());
  }
}
