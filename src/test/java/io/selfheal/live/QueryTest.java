package io.selfheal.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.selfheal.message.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {
  @Test
  void readsAllThatCanBeAsked() {
    Query query =
        Query.parse(
            List.of(
                Map.entry("types", "error, breaker.*"),
                Map.entry("severity", "warning"),
                Map.entry("subject", "worker/*"),
                Map.entry("since", "17:42")));
    Filter filter = new Filter(List.of("breaker.*", "error"), Severity.WARNING, "worker/*");
    assertEquals(new Query.Good(filter, new Place(17, 42)), query);
  }

  @Test
  void asksForEverythingByDefault() {
    assertEquals(new Query.Good(Filter.ALL, null), Query.parse(List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "types, ''", "types, 'error,'", "types, a.b.c", "types, err*r", "types, Error",
    "severity, WARNING", "severity, ''", "subject, ''", "since, 17", "since, 17:-1",
    "since, :", "since, 99999999999999999999:1", "colour, red"
  })
  void namesTheParameterThatIsBad(String name, String value) {
    Query query = Query.parse(List.of(Map.entry(name, value)));
    assertEquals(name, assertInstanceOf(Query.Bad.class, query).parameter());
  }

  @Test
  void refusesADoubledParameter() {
    Query query = Query.parse(List.of(Map.entry("since", "1:1"), Map.entry("since", "1:2")));
    assertEquals("is given twice", assertInstanceOf(Query.Bad.class, query).reason());
  }
}
