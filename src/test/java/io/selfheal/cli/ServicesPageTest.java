package io.selfheal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import org.junit.jupiter.api.Test;

class ServicesPageTest {
  private static final String OPEN =
      """
      {"name":"openai","kind":"ai",
       "breaker":{"state":"open","since":"2026-03-01T03:12:04Z","until":"2026-03-01T03:12:09Z",
         "epoch":4,"openings":1,"reason":"5 failures in a row","author":null},
       "rates":{"window_ms":60000,"calls":9,"failures":5,"slow":0,"failure_rate":0.556,
         "slow_rate":0.0,"consecutive":5},
       "limits":{"rate":{"amount":60,"per_ms":60000,"free":51},"tokens":null,"concurrent":8,
         "open":2,"permit_expiry_ms":60000},
       "budget":{"amount":10.00,"currency":"USD","per":"day","time_zone":"UTC","spent":8.25,
         "reserved":0.50,"elsewhere":0.5,"since":"2026-03-01T00:00:00Z","resets_at":"2026-03-02T00:00:00Z",
         "warn_at":0.8,"level":"warned"},
       "retry_budget":{"tokens":4.5,"most":10,"retries":false},
       "durations":{"over_ms":60000,"count":9,"mean_ms":810,"p50_ms":700,"p90_ms":1200,
         "p99_ms":2400,"max_ms":2400},
       "counts":{"granted":9,"probes":0,"refused":{"rate_limited":3},"succeeded":4,"failed":5,
         "neutral":0,"ignored":0,"lost":0,"late":0,"cost":8.25},
       "alternative":"anthropic"}""";

  private static final String IDLE =
      """
      {"name":"maps","kind":"api",
       "breaker":{"state":"closed","since":"2026-03-01T03:12:04Z","until":null,"epoch":1,
         "openings":0,"reason":null,"author":null},
       "rates":{"window_ms":60000,"calls":0,"failures":0,"slow":0,"failure_rate":null,
         "slow_rate":null,"consecutive":0},
       "limits":{"rate":null,"tokens":null,"concurrent":null,"open":0,"permit_expiry_ms":60000},
       "budget":null,"retry_budget":null,"durations":null,
       "counts":{"granted":0,"probes":0,"refused":{},"succeeded":0,"failed":0,"neutral":0,
         "ignored":0,"lost":0,"late":0,"cost":0.00},
       "alternative":null}""";

  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.mapper().readTree(text);
  }

  @Test
  void eachServiceInALineAndWhyABreakerIsNotClosed() throws JsonProcessingException {
    assertEquals(
        """
        SERVICE  KIND  BREAKER  CALLS  FAILED  P50     P99    OPEN    BUDGET
        openai   ai    open     9      55.6 %  700 ms  2.4 s  2 of 8  8.75 of 10.00 USD a day, 0.50 by other agents, warned
        maps     api   closed   0      -       -       -      0       -

        NOT CLOSED
          openai: open since 2026-03-01T03:12:04Z until 2026-03-01T03:12:09Z: 5 failures in a row
        """,
        ServicesPage.all(json("{\"services\":[" + OPEN + "," + IDLE + "]}")));
    assertEquals(
        "There is no service; name those that your workers call under services: in the"
            + " configuration.\n",
        ServicesPage.all(json("{\"services\":[]}")));
  }

  @Test
  void allOfOne() throws JsonProcessingException {
    assertEquals(
        """
        openai (ai)
          breaker        open since 2026-03-01T03:12:04Z until 2026-03-01T03:12:09Z: 5 failures in a row
          calls          9 counted in the last 60.0 s, 55.6 % failed, 0.0 % slow, 5 failures in a row
          durations      9 of the last 60.0 s, mean 810 ms, p50 700 ms, p90 1.2 s, p99 2.4 s, longest 2.4 s
          rate           60 in 60.0 s, 51 free now
          tokens         not limited
          at once        2 of 8
          budget         8.75 of 10.00 USD a day, 0.50 by other agents, warned
                         0.5 reserved; resets at 2026-03-02T00:00:00Z
          retries        4.5 of 10 tokens, retries are refused
          alternative    anthropic
          since start    9 granted, 0 probes, 4 succeeded, 5 failed, 0 neutral, 0 ignored, 0 lost, 0 late; refused: 3 rate limited; cost 8.25
        """,
        ServicesPage.one(json(OPEN)));
  }
}
