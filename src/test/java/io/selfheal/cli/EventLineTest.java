package io.selfheal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.selfheal.json.Json;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class EventLineTest {
  private static final String LOST =
      """
      {"epoch":1,"offset":2,"id":"x","time":"2026-01-02T03:04:05.678Z","type":"worker.lost",
       "severity":"critical","subject":"worker/images.1",
       "data":{"evidence":"the kernel says so","process":{"pid":4711},"uptime_ms":5}}""";

  @Test
  void saysWhatHappenedInALine() throws JsonProcessingException {
    assertEquals(
        "03:04:05.678  critical worker.lost              worker/images.1"
            + "            the kernel says so · pid 4711",
        EventLine.of(Json.mapper().readTree(LOST), false, ZoneOffset.UTC));
  }

  @Test
  void coloursOnlyWhenAsked() throws JsonProcessingException {
    String coloured = EventLine.of(Json.mapper().readTree(LOST), true, ZoneOffset.UTC);
    assertTrue(coloured.startsWith("\u001b[31m") && coloured.endsWith("\u001b[0m"), coloured);
  }
}
