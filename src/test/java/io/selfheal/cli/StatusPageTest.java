package io.selfheal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusPageTest {
  private static final String WELL =
      """
      {"agent":{"version":"1","host":"h","uptime_ms":5000,"cpu_share":0.01,"rss_bytes":1048576},
       "health":{"status":"up","checks":[{"name":"database","status":"healthy","detail":"ok"}]},
       "healing":{"paused":false,"reason":null},
       "workers":[{"id":"w","problem":null,"processes":[{"instance":"w.1","process":{"pid":7},
         "liveness":"running","restarts":0,"reading":{"cpu_share":0.5,"rss_bytes":2097152}}]}],
       "sources":[{"name":"s","table":"t","oldest_running_ms":null,"rescued":3,"problem":null}],
       "incidents":[]}""";

  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.mapper().readTree(text);
  }

  @Test
  void showsEverythingOnAScreen() throws JsonProcessingException {
    String page = StatusPage.of(json(WELL));
    assertTrue(page.startsWith("WELL  selfheal 1 on h, up 5.0 s, 1.0 % of a core, 1 MiB"), page);
    assertTrue(page.contains("w.1     7        running   50.0 %  2 MiB   0"), page);
    assertTrue(page.contains("OPEN INCIDENTS: none"), page);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"status\":\"up\"|\"status\":\"down\"",
        "\"status\":\"healthy\"|\"status\":\"degraded\"",
        "\"paused\":false|\"paused\":true",
        "\"id\":\"w\",\"problem\":null|\"id\":\"w\",\"problem\":\"x\"",
        "\"rescued\":3,\"problem\":null|\"rescued\":3,\"problem\":\"x\"",
        "\"incidents\":[]|\"incidents\":[{\"id\":\"1\"}]"
      })
  void isNotWellWhenAnyPartIsNot(String from, String to) throws JsonProcessingException {
    assertTrue(StatusPage.well(json(WELL)));
    String ill = WELL.replace(from, to);
    assertFalse(ill.equals(WELL), "the case changes nothing");
    assertFalse(StatusPage.well(json(ill)));
  }

  @ParameterizedTest
  @CsvSource({"340,340 ms", "4200,4.2 s", "180000,3 min", "18360000,5.1 h", "1036800000,12 d"})
  void saysDurations(long millis, String text) {
    assertEquals(text, Words.millis(Json.mapper().getNodeFactory().numberNode(millis)));
  }
}
