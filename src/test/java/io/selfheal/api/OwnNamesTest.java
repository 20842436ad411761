package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnNamesTest {
  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "LOCALHOST:7717, true",
    "127.0.0.1, true",
    "127.0.0.1:7717, true",
    "[::1], true",
    "[::1]:7717, true",
    "::1, false",
    "localhost:7718, false",
    "localhost:07717, false",
    "127.0.0.2, false",
    "10.1.2.3:7717, true",
    "10.1.2.4:7717, false",
    "heal.example.org, true",
    "heal.example.org:7717, true",
    "heal.example.org:8443, false",
    "x.example.org:8443, true",
    "x.example.org, false",
    "sub.heal.example.org, false",
    "'', false"
  })
  void hosts(String host, boolean own) {
    assertEquals(own, names(7717).ownHost(host));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:7717, true",
    "http://127.0.0.1:7717, true",
    "http://[::1]:7717, true",
    "http://10.1.2.3:7717, true",
    "http://localhost, false",
    "https://localhost:7717, false",
    "http://localhost:7718, false",
    "https://heal.example.org, true",
    "http://heal.example.org, true",
    "http://heal.example.org:7717, true",
    "https://x.example.org:8443, true",
    "https://x.example.org, false",
    "https://evil.example, false",
    "null, false",
    "'', false"
  })
  void origins(String origin, boolean own) {
    assertEquals(own, names(7717).ownOrigin(origin));
  }

  @ParameterizedTest
  @CsvSource({"http://localhost, true", "http://localhost:80, false"})
  void browsersLeaveOutPort80(String origin, boolean own) {
    assertEquals(own, names(80).ownOrigin(origin));
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0", "::", "localhost"})
  void aWildcardIsNoName(String bound) {
    OwnNames names = OwnNames.of(7717, bound, List.of());
    assertEquals(6, names.hosts().size());
    assertEquals(3, names.origins().size());
  }

  private static OwnNames names(int port) {
    return OwnNames.of(port, "10.1.2.3", List.of("Heal.example.org", "x.example.org:8443"));
  }
}
