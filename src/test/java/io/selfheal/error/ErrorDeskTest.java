package io.selfheal.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.ErrorEvent;
import io.selfheal.message.ErrorReport;
import io.selfheal.message.ErrorRequests;
import io.selfheal.message.ErrorRequests.Report;
import io.selfheal.message.Event;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ErrorDeskTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() throws Exception {
    bus.onEvent(events::add);
    Time time = new Time(InstantSource.system(), System::nanoTime);
    vertx.deployVerticle(new ErrorDesk(bus, time)).await(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  private static ErrorReport error(@Nullable String reportId) {
    return error("OSError", reportId);
  }

  private static ErrorReport error(String type, @Nullable String reportId) {
    return new ErrorReport(
        type, null, null, null, null, null, null, null, Map.of(), null, null, reportId);
  }

  private List<String> take(@Nullable String... reportIds) throws Exception {
    List<ErrorReport> errors = Arrays.stream(reportIds).map(ErrorDeskTest::error).toList();
    return bus.ask(ErrorRequests.REPORT, new Report(errors)).await(30, TimeUnit.SECONDS).ids();
  }

  private String told() throws InterruptedException {
    return ((ErrorEvent.Error) events.poll(30, TimeUnit.SECONDS)).errorId();
  }

  @Test
  void aReportThatIsSentAgainIsTakenOnce() throws Exception {
    String first = take("a").getFirst();
    assertEquals(first, told());
    List<String> again = take("a", "b", "a");
    assertEquals(List.of(first, told(), first), again);
    assertEquals(0, events.size());
  }

  @Test
  void reportsWithoutAnIdAreEachOnesOwn() throws Exception {
    List<String> ids = take(null, null);
    assertNotEquals(ids.get(0), ids.get(1));
    assertEquals(ids, List.of(told(), told()));
  }

  @Test
  void twoReportersMayGiveTheSameId() {
    Recent recent = new Recent(3);
    assertEquals("one", recent.id(error("OSError", "1"), () -> "one"));
    assertEquals("other", recent.id(error("ValueError", "1"), () -> "other"));
    assertEquals("one", recent.id(error("OSError", "1"), () -> "again"));
  }

  @Test
  void onlyTheLatestAreRemembered() {
    Recent recent = new Recent(3);
    List<String> ids =
        IntStream.of(1, 2, 3, 1, 4, 1, 2)
            .mapToObj(i -> recent.id(error("r" + i), () -> "" + i))
            .toList();
    assertEquals(List.of("1", "2", "3", "1", "4", "1", "2"), ids);
    assertEquals("kept", recent.id(error("r9"), () -> "kept"));
    assertEquals("kept", recent.id(error("r9"), () -> "other"));
    IntStream.range(0, 3).forEach(i -> recent.id(error("later" + i), () -> "x"));
    assertEquals("other", recent.id(error("r9"), () -> "other"));
  }
}
