package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.api.ApiConfig.At;
import io.selfheal.api.ApiConfig.Auto;
import io.selfheal.api.ApiConfig.Off;
import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiConfigTest {
  private static ApiConfig read(String text) throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", text, Map.of());
    ApiConfig config = ApiConfig.from(reading.root().section("agent"));
    reading.finish();
    return config;
  }

  @Test
  void defaults() throws Exception {
    assertEquals(new ApiConfig("127.0.0.1", 7717, List.of(), false, new Auto()), read(""));
  }

  @Test
  void everyKey() throws Exception {
    ApiConfig config =
        read(
            """
            agent:
              http:
                host: 0.0.0.0
                port: 0
                hosts: [Selfheal.example.org, "x:8443", "[fd00::1]:80"]
                allow_remote: true
              socket: /run/x.sock
            """);
    assertEquals(
        new ApiConfig(
            "0.0.0.0",
            0,
            List.of("selfheal.example.org", "x:8443", "[fd00::1]:80"),
            true,
            new At(Path.of("/run/x.sock"))),
        config);
    assertTrue(!config.loopback());
    assertEquals(new Off(), read("agent: { socket: off }").socket());
    assertEquals("::1", read("agent: { http: { host: '[::1]' } }").host());
    assertEquals("localhost", read("agent: { http: { host: localhost } }").host());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          agent: { http: { host: 0.0.0.0 } }       | agent.http.host: "0.0.0.0" can be reached from other machines
          agent: { http: { host: "::" } }          | agent.http.host: "::" can be reached from other machines
          agent: { http: { host: example.org } }   | agent.http.host: "example.org" is not an IP address
          agent: { http: { port: 65536 } }         | agent.http.port: "65536" is not a whole number
          agent: { http: { hosts: ["http://a"] } } | agent.http.hosts: "http://a" is not a host name
          agent: { http: { hosts: ["*"] } }        | agent.http.hosts: "*" is not a host name
          agent: { http: { allow_remote: maybe } } | agent.http.allow_remote
          agent: { http: { prot: 1 } }             | agent.http.prot: is not a known key
          agent: { socket: x.sock }                | agent.socket: "x.sock" is not an absolute path
          """)
  void wrongValues(String text, String problem) {
    BadConfiguration bad = assertThrows(BadConfiguration.class, () -> read(text));
    assertTrue(bad.getMessage().contains(problem), bad.getMessage());
    assertEquals(1, bad.problems().size(), bad.getMessage());
  }

  @Test
  void aSocketPathThatLinuxCannotTake() throws Exception {
    String longest = "/" + "x".repeat(106);
    assertEquals(new At(Path.of(longest)), read("agent: { socket: " + longest + " }").socket());
    BadConfiguration bad =
        assertThrows(BadConfiguration.class, () -> read("agent: { socket: " + longest + "x }"));
    assertTrue(bad.getMessage().contains("the path has 108 bytes, Linux takes 107"));
  }
}
