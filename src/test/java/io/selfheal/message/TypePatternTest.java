package io.selfheal.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TypePatternTest {
  @ParameterizedTest
  @CsvSource({
    "'', worker.lost, true",
    "*, worker.lost, true",
    "worker.lost, worker.lost, true",
    "worker.lost, worker.lost_again, false",
    "worker, worker.lost, false",
    "worker.*, worker.lost, true",
    "worker.*, worker, false",
    "worker.*, workers.lost, false",
    "work*, worker.lost, false",
    "error;breaker.*, error, true",
    "error;breaker.*, breaker.opened, true",
    "error;breaker.*, job.stuck, false",
    "'%.*', worker.lost, false",
  })
  void matches(String patterns, String type, boolean wanted) {
    List<String> list = patterns.isEmpty() ? List.of() : List.of(patterns.split(";"));
    assertEquals(wanted, TypePattern.of(list).matches(type));
  }
}
