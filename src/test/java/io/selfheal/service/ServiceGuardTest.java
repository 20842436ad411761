package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.BreakerEvent;
import io.selfheal.message.BreakerState;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.DatabaseRequests;
import io.selfheal.message.Event;
import io.selfheal.message.Outcome;
import io.selfheal.message.PermitRequests;
import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.PermitRequests.Report;
import io.selfheal.message.PermitRequests.Reports;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.Request;
import io.selfheal.message.ServiceRequests;
import io.selfheal.message.ServiceRequests.Force;
import io.selfheal.message.ServiceRequests.ForceDone;
import io.selfheal.message.ServiceRequests.Hand;
import io.selfheal.message.ServiceRequests.ListServices;
import io.selfheal.message.ServiceRequests.ReadService;
import io.selfheal.message.ServiceRequests.Service;
import io.selfheal.message.ServiceRequests.Unknown;
import io.selfheal.remedy.OneRung;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guard on a real bus, with a real file and a real server. */
@Timeout(60)
class ServiceGuardTest {
  private static final Time REAL = new Time(InstantSource.system(), System::nanoTime);

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

  ServiceGuardTest() {
    bus.onEvent(events::add);
  }

  @AfterEach
  void close() throws Exception {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.await(30, TimeUnit.SECONDS);
  }

  private String begin(String... lines) throws Exception {
    return get(
        vertx.deployVerticle(
            new ServiceGuard(Rig.config(lines), directory, Shared.ALONE, bus, REAL)));
  }

  private <Q, R> R ask(Request<Q, R> request, Q query) throws Exception {
    return get(bus.ask(request, query));
  }

  private Granted granted() throws Exception {
    return assertInstanceOf(
        Granted.class, ask(PermitRequests.PERMIT, new AskPermit("a", 1_000_000, 0, false, false)));
  }

  private Service service() throws Exception {
    return assertInstanceOf(Service.class, ask(ServiceRequests.READ, new ReadService("a")));
  }

  private <E extends Event> E await(Class<E> type) throws InterruptedException {
    while (true) {
      Event event = events.poll(30, TimeUnit.SECONDS);
      if (event == null || type.isInstance(event)) {
        return type.cast(event);
      }
    }
  }

  private void failures(int count) throws Exception {
    List<Report> reports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      reports.add(
          new Report(
              granted().permit(),
              CallOutcome.FAILURE,
              Duration.ofMillis(3),
              OptionalLong.empty(),
              null));
    }
    assertEquals(
        count,
        ask(PermitRequests.REPORT, new Reports(reports)).receipts().stream()
            .filter(PermitRequests.Receipt::counted)
            .count());
  }

  @Test
  void itAnswersAndAnotherRunGoesOnFromThere() throws Exception {
    String first = begin("name: a", "kind: ai", "budget: {amount: 100}", "name: b");
    assertEquals(
        new ComponentEvent.Changed("services", Status.HEALTHY, "2 services are guarded"),
        await(ComponentEvent.Changed.class));
    failures(5);
    assertEquals("5 failures in a row", await(BreakerEvent.Opened.class).cause());
    assertInstanceOf(
        Refused.class, ask(PermitRequests.PERMIT, new AskPermit("a", 0, 0, false, false)));
    assertEquals(1, ask(ServiceRequests.LIST, new ListServices("ai")).services().size());
    assertEquals(2, ask(ServiceRequests.LIST, new ListServices(null)).services().size());
    assertEquals(
        new Unknown("bb", List.of("b", "a")), ask(ServiceRequests.READ, new ReadService("bb")));
    get(vertx.undeploy(first));

    begin("name: a", "kind: ai", "budget: {amount: 100}");
    assertEquals(BreakerState.OPEN, service().breaker().state());
    assertEquals("5.00", service().budget().spent().toPlainString());
    ForceDone done =
        assertInstanceOf(
            ForceDone.class,
            ask(ServiceRequests.FORCE, new Force("a", Hand.RESET, "it is well", "anna", null)));
    assertEquals("it is closed now", done.detail());
    assertEquals(
        new BreakerEvent.Forced("a", BreakerState.CLOSED, "it is well", "anna", null),
        await(BreakerEvent.Forced.class));
    granted();
  }

  @Test
  void theRemedyClosesABreakerThatNobodyHolds() throws Exception {
    bus.answer(
        DatabaseRequests.LIST,
        query -> Future.succeededFuture(new DatabaseRequests.Databases(List.of())));
    begin("name: openai", "name: a");
    Act act = OneRung.act("reset_breaker", "{}");
    Task task = OneRung.task("service_down", "service/a", REAL, bus);
    assertEquals(Outcome.ALREADY_DONE, act.perform(task).outcome());
    failures(5);
    assertEquals(
        "would close its breaker, which is open: 5 failures in a row", act.rehearse(task).detail());
    assertEquals(BreakerState.OPEN, service().breaker().state());
    assertEquals(Outcome.DONE, act.perform(task).outcome());
    assertEquals(BreakerState.CLOSED, service().breaker().state());
    ask(ServiceRequests.FORCE, new Force("a", Hand.FORCED_OPEN, "it is moved", "anna", null));
    Performed unwanted = act.perform(task);
    assertEquals(Outcome.UNWANTED, unwanted.outcome());
    assertEquals("anna wants it forced open: it is moved", unwanted.detail());
    Performed unknown = act.perform(OneRung.task("service_down", "service/opneai", REAL, bus));
    assertEquals(Outcome.REFUSED, unknown.outcome());
    assertTrue(unknown.detail().contains("but openai"), unknown.detail());
  }

  @Test
  void aDamagedFileIsToldAndPutAsideAndStopsNothing() throws Exception {
    Files.writeString(directory.resolve("services.state"), "this is no such file");
    begin("name: a");
    ComponentEvent.Changed health = await(ComponentEvent.Changed.class);
    assertEquals(Status.DEGRADED, health.status());
    assertTrue(health.detail().contains("services.state.corrupt-"), health.detail());
    granted();
  }

  @Test
  void withoutADiskItGuardsAllTheSame() throws Exception {
    Files.createDirectory(directory.resolve("services.state"));
    begin("name: a");
    assertEquals(Status.DEGRADED, await(ComponentEvent.Changed.class).status());
    failures(5);
    assertEquals(BreakerState.OPEN, service().breaker().state());
  }

  @Test
  void aProbeThatIsAnsweredWellLetsAFewCallsPassEarlier() throws Exception {
    AtomicInteger status = new AtomicInteger(503);
    AtomicInteger asked = new AtomicInteger();
    int port =
        get(vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      asked.incrementAndGet();
                      // What follows the head has no end.
                      request
                          .response()
                          .setChunked(true)
                          .setStatusCode(status.getAndSet(200))
                          .write("so far");
                    })
                .listen(0, "127.0.0.1"))
            .actualPort();
    begin(
        "name: a",
        "breaker: {open_for: 1h}",
        "probe: {url: 'http://127.0.0.1:" + port + "/health', every: 1s}");
    failures(5);
    assertEquals("a", await(BreakerEvent.HalfOpened.class).service());
    assertEquals(2, asked.get());
    assertTrue(granted().probe());
    assertEquals(BreakerState.HALF_OPEN, service().breaker().state());
  }
}
