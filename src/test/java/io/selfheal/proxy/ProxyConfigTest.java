package io.selfheal.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonPointer;
import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyConfigTest {
  private static ProxyConfig read(String entry) throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", "services:\n  - " + entry, Map.of());
    ProxyConfig config = ProxyConfig.from(reading.root());
    reading.finish();
    return config;
  }

  @Test
  void withoutProxyThereIsNoWay() throws BadConfiguration {
    assertEquals(List.of(), read("{ name: a }").routes());
    assertEquals(List.of(), read("{ name: a, url: 'https://a.example' }").routes());
    assertEquals(Duration.ZERO, read("{ name: a }").longestSilence());
  }

  @Test
  void defaults() throws BadConfiguration {
    assertEquals(
        List.of(
            new Route(
                "a",
                URI.create("https://a.example/v1"),
                Duration.ofSeconds(50),
                2,
                Optional.empty())),
        read("{ name: a, proxy: true, url: 'https://a.example/v1' }").routes());
  }

  @Test
  void everything() throws BadConfiguration {
    Price price =
        new Price(
            50_000,
            List.of(new Price.Part(JsonPointer.compile("/usage/n"), new BigDecimal("0.0000025"))));
    ProxyConfig config =
        read(
            "{ name: a, proxy: true, url: 'http://[::1]:8080', timeout: 5m, retries: 0,"
                + " price: { most: 0.05, parts: [ { pointer: /usage/n, each: 0.0000025 } ] } }");
    Route route = config.routes().getFirst();
    assertEquals(
        new Route(
            "a", URI.create("http://[::1]:8080"), Duration.ofMinutes(5), 0, Optional.of(price)),
        route);
    assertEquals("::1", route.host());
    assertEquals(8080, route.port());
    assertFalse(route.secure());
    assertEquals(Duration.ofMinutes(5), config.longestSilence());
  }

  @Test
  void failuresMustBeToldBeforeThePermitLapses() throws BadConfiguration {
    String yaml = "services: [ { name: a, proxy: true, url: 'https://a.example' } ]";
    Reading reading = new Reading("agent.yaml", yaml, Map.of());
    ProxyConfig.from(reading.root(), Map.of("a", Duration.ofSeconds(50)));
    BadConfiguration bad = assertThrows(BadConfiguration.class, reading::finish);
    assertTrue(String.valueOf(bad.getMessage()).contains("its failures would not count"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          proxy: true                                    | url: is missing
          proxy: true, url: 'ftp://a'                    | not an http or https URL
          proxy: true, url: 'a.example'                  | not an http or https URL
          proxy: true, url: 'https://u:p@a.example'      | has a user
          proxy: true, url: 'https://a.example/?q=1'     | has a user, a query
          proxy: true, url: 'https://a b'                | is not a URL
          timeout: 11m                                   | timeout
          retries: 11                                    | retries
          price: { most: -1, parts: [ { pointer: /a, each: 1 } ] } | most: is not an amount
          price: { most: 1e308, parts: [ { pointer: /a, each: 1 } ] } | most: is not an amount
          price: { most: 1 }                             | parts: is missing
          price: { parts: [ { pointer: a, each: 1 } ] }  | is no JSON pointer
          price: { parts: [ { pointer: /a } ] }          | each: is not an amount
          proxi: true                                    | is not a known key
          """)
  void wrong(String keys, String said) {
    BadConfiguration bad =
        assertThrows(BadConfiguration.class, () -> read("{ name: a, " + keys + " }"));
    String message = String.valueOf(bad.getMessage());
    assertTrue(message.contains(said), message);
    assertFalse(message.contains("u:p"), message);
  }
}
