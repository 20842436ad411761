package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.message.Presence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules may say of these symptoms, and what is said to those that are wrong. */
class HostRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "high_cpu        | enter: {busy: 120%}                        | enter.busy",
        "high_cpu        | leave: {busy: 95%}                         | leave.busy",
        "high_cpu        | enter: {cores: 1}                          | enter.cores",
        "high_cpu        | where: {workers: a}                        | where.workers",
        "memory_pressure | leave: {some: 50%}                         | leave.some",
        "memory_pressure | enter: {full: x}                           | enter.full",
        "memory_pressure | enter: {stalled: 150ms}                    | enter.stalled",
        "memory_pressure | enter: {stalled: 3s of 2s}                 | enter.stalled",
        "memory_pressure | enter: {stalled: 0ms of 2s}                | enter.stalled",
        "memory_pressure | enter: {stalled: 1s of 11s}                | enter.stalled",
        "memory_pressure | enter: {stalled: 10ms of 400ms}            | enter.stalled",
        "memory_pressure | leave: {stalled: 10ms of 2s}               | leave.stalled",
        "low_disk        | where: {window: 1s}                        | where.window",
        "low_disk        | enter: {used: 10GiB}                       | enter.used",
        "low_disk        | leave: {time_left: 1h}                     | leave.time_left",
        "low_disk        | '{enter: {time_left: 2h}, leave: {time_left: 1h}}' | leave.time_left",
        "resource_leak   | where: {resources: [memory, handles]}      | where.resources",
        "resource_leak   | where: {resources: []}                     | where.resources",
        "resource_leak   | enter: {memory: lots}                      | enter.memory",
        "resource_leak   | leave: {files: 51}                         | leave.files",
      })
  void whatIsWrongIsSaidWithItsKey(String symptom, String line, String key) {
    String rest = line.startsWith("{") ? line.substring(1, line.length() - 1) : line;
    String text = "rules:\n  - {name: it, symptom: %s, %s}\n".formatted(symptom, rest);
    BadConfiguration bad = assertThrows(BadConfiguration.class, () -> Seat.read(text));
    assertTrue(bad.getMessage().contains("rules[0]." + key), bad.getMessage());
    assertTrue(bad.getMessage().contains("rules.yaml:2"), bad.getMessage());
  }

  @Test
  void whatIsSaidHolds() throws Exception {
    Seat cpu = Seat.of("symptom: high_cpu", "enter: {busy: 50%, pressure: 5%}");
    assertEquals(Presence.PRESENT, cpu.take(Seat.cpu(0.5, 0.05)));
    Seat low = Seat.of("symptom: high_cpu", "enter: {busy: 50%, pressure: 5%}");
    assertEquals(Presence.ABSENT, low.take(Seat.cpu(0.4, 1)), "leave follows enter");
    Seat disk = Seat.of("symptom: low_disk", "enter: {used: 60%}", "leave: {used: 20%}");
    assertEquals(Presence.PRESENT, disk.take(Seat.disk("/", 100, 40)));
    assertEquals(Presence.BETWEEN, disk.take(Seat.disk("/", 100, 79)));
    assertEquals(Presence.ABSENT, disk.take(Seat.disk("/", 100, 80)));
  }

  /** The examples in the file are right when they are taken over. */
  @Test
  void theExamplesAreRules() throws Exception {
    Path file = Path.of(System.getProperty("selfheal.home", "."), "conf", "rules.yaml");
    List<String> lines = Files.readAllLines(file);
    int from =
        lines.stream()
            .filter(line -> line.contains("Symptoms of the host"))
            .findFirst()
            .map(lines::indexOf)
            .orElseThrow();
    String rules =
        lines.subList(from + 1, lines.size()).stream()
            .takeWhile(line -> !line.startsWith("# ----"))
            .filter(line -> line.startsWith("#  "))
            .map(line -> line.substring(1))
            .collect(Collectors.joining("\n"));
    assertDoesNotThrow(() -> Seat.read("rules:\n" + rules), rules);
    assertEquals(6, Seat.read("rules:\n" + rules).all().size());
  }

  @Test
  void amountsAreWrittenForPeople() {
    assertEquals("512 B", Amounts.bytes(512));
    assertEquals("1.5 GiB", Amounts.bytes(1.5 * (1L << 30)));
    assertEquals("600 MiB", Amounts.bytes(600.0 * (1 << 20)));
    assertEquals("4.2 %", Amounts.share(0.0421));
    assertEquals("93 %", Amounts.share(0.9301));
    assertEquals("42 min", Amounts.time(2520));
    assertEquals("12 d", Amounts.time(12 * 86_400));
    assertEquals("years", Amounts.time(Double.POSITIVE_INFINITY));
  }

  @ParameterizedTest
  @CsvSource({
    "/var/*, /var/lib/x, true",
    "/var/*, /vari, false",
    "/data, /data, true",
    "/data, /data2, false",
    "a.b, axb, false",
    "*, anything, true",
    "im*es, images, true",
  })
  void namesAreChosen(String pattern, String name, boolean chosen) {
    assertEquals(chosen, Choice.of(List.of("none", pattern)).has(name));
    assertTrue(Choice.of(List.of()).has(name));
  }
}
