package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.message.ServiceRequests.Period;
import io.selfheal.proxy.ProxyConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServicesConfigTest {
  private static ServicesConfig read(String yaml) throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", yaml, Map.of());
    ServicesConfig config = ServicesConfig.from(reading.root());
    // The same entries have keys of the proxy's.
    ProxyConfig.from(reading.root(), config.permitExpiries());
    reading.finish();
    return config;
  }

  @Test
  void nothingIsGuardedByDefault() throws Exception {
    assertEquals(0, read("").size());
  }

  @Test
  void defaultsOfAService() throws Exception {
    ServiceConfig service = read("services: [{name: a}]").services().getFirst();
    assertEquals(ServiceConfig.Kind.API, service.kind());
    assertSame(BreakerConfig.DEFAULT, service.breaker());
    assertSame(LimitsConfig.DEFAULT, service.limits());
    assertSame(RetryConfig.DEFAULT, service.retries());
    assertEquals(Optional.empty(), service.budget());
    assertEquals(Optional.empty(), service.alternative());
    assertEquals(Optional.empty(), service.probe());
  }

  /** A section with nothing in it says the same as none. */
  @Test
  void emptySectionsHaveTheSameDefaults() throws Exception {
    ServiceConfig service =
        read("services: [{name: a, breaker: {}, limits: {}, retry_budget: {}, budget: {amount: 1}}]")
            .services()
            .getFirst();
    assertEquals(BreakerConfig.DEFAULT, service.breaker());
    assertEquals(LimitsConfig.DEFAULT, service.limits());
    assertEquals(RetryConfig.DEFAULT, service.retries());
    assertEquals(
        Optional.of(new BudgetConfig(1_000_000, "USD", Period.DAY, ZoneId.of("UTC"), 0.8)),
        service.budget());
  }

  @Test
  void everythingSaid() throws Exception {
    ServicesConfig config =
        read(
            """
            services:
              - name: openai
                kind: ai
                breaker:
                  window: 30s
                  failure_rate: 0.25
                  minimum_calls: 4
                  consecutive: 0
                  slow_call: 10s
                  slow_rate: 90%
                  open_for: 1s..2m
                  probes: 5
                  close_after: 4
                  shared: {quorum: 3}
                limits: {rate: 60/min, tokens: 500 / 10s, concurrent: 8, permit_expiry: 2m}
                budget: {amount: 12.345678, currency: EUR, per: month, time_zone: Europe/Berlin, warn_at: 0.9}
                retry_budget: {tokens: 20, per_success: 0.5}
                alternative: anthropic
                probe: {url: "https://example.com/health", every: 7s}
              - name: anthropic
                breaker: {open_for: 10s}
            """);
    assertEquals(
        new ServiceConfig(
            "openai",
            ServiceConfig.Kind.AI,
            new BreakerConfig(
                Duration.ofSeconds(30),
                0.25,
                4,
                0,
                Duration.ofSeconds(10),
                0.9,
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                5,
                4,
                3),
            new LimitsConfig(
                Optional.of(new Rate(60, Duration.ofMinutes(1))),
                Optional.of(new Rate(500, Duration.ofSeconds(10))),
                8,
                Duration.ofMinutes(2)),
            Optional.of(
                new BudgetConfig(12_345_678, "EUR", Period.MONTH, ZoneId.of("Europe/Berlin"), 0.9)),
            new RetryConfig(20, 500),
            Optional.of("anthropic"),
            Optional.of(
                new ProbeConfig(URI.create("https://example.com/health"), Duration.ofSeconds(7)))),
        config.services().getFirst());
    BreakerConfig same = config.services().getLast().breaker();
    assertEquals(Duration.ofSeconds(10), same.openLeast());
    assertEquals(Duration.ofSeconds(10), same.openMost());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | is missing",
        "{name: 'a b'} | is not a name",
        "{name: database} | the agent's own",
        "{name: source_images} | the agent's own",
        "{name: a}, {name: a} | two services",
        "{name: a, kind: model} | is not a choice",
        "{name: a, braker: {}} | did you mean \"breaker\"",
        "{name: a, breaker: {window: 0s}} | is not a duration",
        "{name: a, breaker: {failure_rate: 0}} | open at once",
        "{name: a, breaker: {failure_rate: 101%}} | is not a share",
        "{name: a, breaker: {minimum_calls: 0}} | from 1 to",
        "{name: a, breaker: {open_for: soon}} | is not a range",
        "{name: a, breaker: {open_for: 5s..}} | is not a range",
        "{name: a, breaker: {open_for: 5m..5s}} | ends before it begins",
        "{name: a, breaker: {open_for: 1ms}} | is not a range",
        "{name: a, breaker: {probes: 0}} | from 1 to",
        "{name: a, limits: {rate: 60}} | is not a rate",
        "{name: a, limits: {rate: 0/min}} | is not a rate",
        "{name: a, limits: {rate: 60/fortnight}} | is not a rate",
        "{name: a, limits: {rate: -1/min}} | is not a rate",
        "{name: a, limits: {tokens: 1e9/min}} | is not a rate",
        "{name: a, limits: {concurrent: 10001}} | from 0 to",
        "{name: a, limits: {permit_expiry: 1ms}} | is not a duration",
        "{name: a, budget: {}} | is missing",
        "{name: a, budget: {amount: 0}} | is not an amount",
        "{name: a, budget: {amount: -1}} | is not an amount",
        "{name: a, budget: {amount: NaN}} | is not an amount",
        "{name: a, budget: {amount: 1e308}} | is not an amount",
        "{name: a, budget: {amount: 0.0000001}} | is not an amount",
        "{name: a, budget: {amount: 1, currency: dollars}} | is not a currency",
        "{name: a, budget: {amount: 1, per: year}} | is not a choice",
        "{name: a, budget: {amount: 1, time_zone: Mars}} | is not a time zone",
        "{name: a, budget: {amount: 1, warn_at: 0}} | warn at once",
        "{name: a, retry_budget: {tokens: 0}} | from 1 to",
        "{name: a, retry_budget: {per_success: 0}} | a number from",
        "{name: a, alternative: b} | no service is named",
        "{name: a, alternative: a} | leads back to a",
        "{name: a, probe: {}} | is missing",
        "{name: a, probe: {url: 'ftp://x'}} | is not an address",
        "{name: a, probe: {url: 'http://user:secret@x/'}} | is not an address",
      })
  void whatIsWrongIsSaid(String services, String problem) {
    BadConfiguration bad =
        assertThrows(BadConfiguration.class, () -> read("services: [" + services + "]"));
    assertTrue(bad.getMessage().contains(problem), bad.getMessage());
    assertEquals(1, bad.problems().size(), bad.getMessage());
  }

  @Test
  void alternativesThatLeadInACircleAreRefused() {
    BadConfiguration bad =
        assertThrows(
            BadConfiguration.class,
            () ->
                read(
                    "services: [{name: a, alternative: b}, {name: b, alternative: c},"
                        + " {name: c, alternative: b}]"));
    // From a one comes into the circle, and is not in it.
    assertEquals(2, bad.problems().size(), bad.getMessage());
  }

  /** What conf/agent.yaml shows as an example is one. */
  @Test
  void theExampleOfTheFileIsRead() throws Exception {
    String home = System.getProperty("selfheal.home", ".");
    String text = Files.readString(Path.of(home, "conf", "agent.yaml"));
    List<String> lines =
        text.substring(text.indexOf("services: []"), text.indexOf("healing:")).lines().toList();
    String example =
        lines.stream()
            .skip(1)
            .map(line -> line.replaceFirst("^#", ""))
            .collect(Collectors.joining("\n", "services:\n", "\n"));
    ServiceConfig service = read(example).services().getFirst();
    assertEquals("openai", service.name());
    assertEquals(BreakerConfig.DEFAULT, service.breaker());
    assertEquals(RetryConfig.DEFAULT, service.retries());
    assertEquals(LimitsConfig.DEFAULT.permitExpiry(), service.limits().permitExpiry());
  }
}
