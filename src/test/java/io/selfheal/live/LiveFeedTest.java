package io.selfheal.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import io.selfheal.live.FeedFixture.Client;
import io.selfheal.message.Severity;
import io.selfheal.message.Topics;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveFeedTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final FeedFixture fixture = new FeedFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void greetsThenStreamsEveryEventOnceInOrder() {
    fixture.happen(Samples.event(1));
    Client client = fixture.connect("");
    JsonNode hello = client.next("hello");
    assertEquals("test", hello.get("agent").asText());
    assertEquals(Samples.EPOCH, hello.get("epoch").asLong());
    assertEquals(1, hello.get("offset").asLong());
    assertFalse(hello.has("recovered"));
    for (long offset = 2; offset <= 100; offset++) {
      fixture.happen(Samples.event(offset));
    }
    assertEquals(range(2, 100), offsets(client, 99));
  }

  @Test
  void letsThroughWhatTheFilterNames() {
    Client client = fixture.connect("types=breaker.*,error&severity=warning&subject=service/*");
    client.next("hello");
    fixture.happen(Samples.event(1, "breaker.opened", Severity.WARNING, "service/a"));
    fixture.happen(Samples.event(2, "breaker.opened", Severity.INFO, "service/a"));
    fixture.happen(Samples.event(3, "worker.lost", Severity.CRITICAL, "service/a"));
    fixture.happen(Samples.event(4, "breaker.closed", Severity.CRITICAL, "worker/a"));
    fixture.happen(Samples.event(5, "error", Severity.CRITICAL, "service/b"));
    assertEquals(List.of(1L, 5L), offsets(client, 2));
  }

  @Test
  void tellsFilteredClientsHowFarTheLogIs() {
    Client client = fixture.connect("types=error");
    client.next("hello");
    fixture.happen(Samples.event(1));
    fixture.happen(Samples.event(2, "error", Severity.INFO, "host"));
    assertEquals(List.of(2L), offsets(client, 1));
    fixture.happen(Samples.event(3));
    fixture.later(Duration.ofSeconds(11));
    JsonNode position = client.next("position");
    assertEquals(3, position.get("offset").asLong());
    assertEquals(Samples.EPOCH, position.get("epoch").asLong());
  }

  @Test
  void joinsWhatIsReplayedWithWhatIsLive() {
    for (long offset = 1; offset <= 1_000; offset++) {
      fixture.happen(Samples.event(offset));
    }
    Client client = fixture.connect("since=" + Samples.EPOCH + ":10");
    for (long offset = 1_001; offset <= 2_000; offset++) {
      fixture.happen(Samples.event(offset));
    }
    assertTrue(client.next("hello").get("recovered").asBoolean());
    assertEquals(range(11, 2_000), offsets(client, 1_990));
  }

  @Test
  void tellsOfAnotherEpochAndStreamsOn() {
    fixture.happen(Samples.event(1));
    Client client = fixture.connect("since=7:3");
    assertFalse(client.next("hello").get("recovered").asBoolean());
    JsonNode gap = client.next("gap");
    assertEquals("epoch_changed", gap.get("reason").asText());
    assertEquals(1, gap.get("to").asLong());
    fixture.happen(Samples.event(2));
    assertEquals(List.of(2L), offsets(client, 1));
  }

  @Test
  void tellsOfEventsThatAreNoLongerHeld() {
    for (long offset = 1; offset <= 20; offset++) {
      fixture.happen(Samples.event(offset));
    }
    fixture.journal.headMap(10L).clear();
    Client client = fixture.connect("since=" + Samples.EPOCH + ":3");
    assertFalse(client.next("hello").get("recovered").asBoolean());
    JsonNode gap = client.next("gap");
    assertEquals(4, gap.get("from").asLong());
    assertEquals(9, gap.get("to").asLong());
    assertEquals("not_held", gap.get("reason").asText());
    assertEquals(range(10, 20), offsets(client, 11));
  }

  @Test
  void tellsOfEventsThatNeverReachedTheStream() {
    fixture.happen(Samples.event(1));
    Client client = fixture.connect("");
    client.next("hello");
    fixture.happen(Samples.event(5));
    JsonNode gap = client.next("gap");
    assertEquals(2, gap.get("from").asLong());
    assertEquals(4, gap.get("to").asLong());
    assertEquals(List.of(5L), offsets(client, 1));
  }

  @Test
  void givesPlainClientsOneEventAFrame() {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions().addSubProtocol("other").addSubProtocol("selfheal.plain");
    Client client = fixture.connect(options, "");
    assertEquals("selfheal.plain", client.socket.subProtocol());
    fixture.happen(Samples.event(1));
    fixture.happen(Samples.event(2));
    assertEquals(1, client.next().get("offset").asLong());
    assertEquals("worker.lost", client.next().get("type").asText());
  }

  @Test
  void refusesBadQueriesBeforeTheUpgrade() throws IOException {
    try (RawClient client = new RawClient(fixture.server.actualPort(), "", "")) {
      String line = client.answer();
      assertTrue(line.startsWith("HTTP/1.1 426"), line);
      assertTrue(line.contains("urn:selfheal:problem:upgrade-required"), line);
    }
    for (String query : List.of("since=x", "severity=bad", "types=a.b.c", "colour=red")) {
      String line = raw(query);
      assertTrue(line.startsWith("HTTP/1.1 400"), line);
      assertTrue(
          line.contains("\"field\":\"" + query.substring(0, query.indexOf('=')) + "\""), line);
    }
    assertEquals(0, fixture.feed.clients());
  }

  @Test
  void closesWithGoingAwayWhenItStops() {
    Client client = fixture.connect("");
    client.next("hello");
    FeedFixture.await(fixture.vertx.undeploy(fixture.feed.deploymentID()));
    assertEquals(1001, client.closeCode());
  }

  @Test
  void closesWithGoingAwayWhenTheServerStopsFirst() {
    Client client = fixture.connect("");
    client.next("hello");
    FeedFixture.await(fixture.server.shutdown(10, TimeUnit.SECONDS));
    assertEquals(1001, client.closeCode());
  }

  @Test
  void closesClientsThatTalk() {
    Client client = fixture.connect("");
    client.next("hello");
    for (int i = 0; i < 11; i++) {
      client.socket.writeTextMessage("hello");
    }
    assertEquals(1008, client.closeCode());
  }

  @Test
  void closesAllWhenTheLogWasLost() {
    Client client = fixture.connect("");
    client.next("hello");
    fixture.bus.publish(Topics.RECORDED, Samples.ofEpoch(Samples.EPOCH + 1, 1));
    assertEquals(1012, client.closeCode());
  }

  @Test
  void closesASlowClientWithoutHurtingTheOthers() throws IOException {
    Client good = fixture.connect("");
    good.next("hello");
    try (RawClient slow = new RawClient(fixture.server.actualPort(), "")) {
      assertTrue(slow.answer().startsWith("HTTP/1.1 101"));
      assertTrue(slow.frame().text().startsWith("{\"hello\""));
      int events = 2_000;
      stream(good, events);
      long last = 0;
      RawClient.Frame frame = slow.frame();
      while (frame.opcode() == 1) {
        for (JsonNode event : Json.mapper().readTree(frame.text()).get("batch")) {
          assertEquals(last + 1, event.get("offset").asLong());
          last++;
        }
        frame = slow.frame();
      }
      assertEquals(8, frame.opcode());
      assertEquals(3008, frame.closeCode());
      assertTrue(last < events, "the slow client got everything");
    }
  }

  @Test
  void refusesMoreClientsThanItMayHave() throws IOException {
    LiveConfig one = new LiveConfig(1, 1 << 20, Duration.ofMillis(25), LONG, LONG, LONG);
    try (FeedFixture small = new FeedFixture(one)) {
      small.connect("").next("hello");
      try (RawClient second = new RawClient(small.server.actualPort(), "")) {
        String answer = second.answer();
        assertTrue(answer.startsWith("HTTP/1.1 503"), answer);
        assertTrue(answer.contains("live.max_clients"), answer);
      }
    }
  }

  @Test
  void cutsOffAClosedClientThatNeverReads() throws IOException {
    try (RawClient slow = new RawClient(fixture.server.actualPort(), "")) {
      assertTrue(slow.answer().startsWith("HTTP/1.1 101"));
      assertTrue(slow.frame().text().startsWith("{\"hello\""));
      Client good = fixture.connect("");
      good.next("hello");
      stream(good, 2_000);
      assertEquals(2, fixture.feed.clients());
      fixture.later(Duration.ofSeconds(1));
      fixture.later(Duration.ofSeconds(11));
      for (int i = 0; i < 10_000 && fixture.feed.clients() > 1; i++) {
        fixture.later(Duration.ZERO);
      }
      assertEquals(1, fixture.feed.clients());
    }
  }

  private String raw(String query) throws IOException {
    try (RawClient client = new RawClient(fixture.server.actualPort(), query)) {
      return client.answer();
    }
  }

  /** 8 kB events, no faster than a good client reads them. */
  private void stream(Client good, int events) {
    for (long offset = 1; offset <= events; offset++) {
      fixture.happen(Samples.padded(offset, 8_000));
      if (offset % 50 == 0) {
        assertEquals(range(offset - 49, offset), offsets(good, 50));
      }
    }
  }

  static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  /** Reads batches until there are so many events. */
  static List<Long> offsets(Client client, int count) {
    List<Long> offsets = new ArrayList<>();
    while (offsets.size() < count) {
      client.next("batch").forEach(event -> offsets.add(event.get("offset").asLong()));
    }
    return offsets;
  }
}
