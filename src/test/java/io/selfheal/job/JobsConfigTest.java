package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobsConfigTest {
  private static final String LEAST =
      """
      sources:
        - name: images
          table: public.jobs
          columns: {id: id, state: state}
          states: {ready: ready, running: running, failed: failed}
      """;

  @Test
  void hasDefaults() throws BadConfiguration {
    SourceConfig source = read(LEAST).sources().getFirst();
    assertEquals("table", source.preset());
    assertTrue(source.database().isEmpty());
    assertEquals(
        new Limits(Duration.ofMinutes(30), Duration.ofMinutes(30), 3, true, false),
        source.limits());
    assertEquals(new SourceConfig.Pace(Duration.ofSeconds(2), 1000, 10_000), source.pace());
    assertEquals(3, source.poisonAfter());
    assertFalse(source.holding().saysAnything());
    assertEquals(new Layout.Reach.All(), source.reach(), "it must see young jobs come");
    assertTrue(source.concerns("any"));
    assertTrue(read("").sources().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"act_on_unknown: false", "preset: pg-boss", "preset: procrastinate"})
  void readsOnlyOldJobsWhereTheirAgeIsTrueOrChangesNothing(String key) throws BadConfiguration {
    String text =
        key.startsWith("act") ? LEAST + "    " + key : "sources:\n  - name: a\n    " + key;
    assertEquals(
        new Layout.Reach.OlderThan(Duration.ofMinutes(30)),
        read(text).sources().getFirst().reach());
  }

  @Test
  void takesEveryKey() throws BadConfiguration {
    String all =
        """
        sources:
          - name: images
            preset: table
            database: postgresql://agent:hush@db.lan:5433/app
            table: app.Jobs
            columns: {id: ID, state: s, started: t, heartbeat: h, attempts: a, holder: who}
            states: {ready: q, running: [r1, r2], failed: f, dead_letter: d}
            holder: {worker: image-worker, format: "{host}/{pid}"}
            stuck_after: 1h
            heartbeat_grace: 90s
            max_attempts: 0
            act_on_unknown: false
            sweep_every: 5s
            batch: 10
            max_per_minute: 100
            poison_after: 0
        """;
    SourceConfig source = read(all).sources().getFirst();
    assertEquals("db.lan", source.database().orElseThrow().host());
    assertEquals(
        new Limits(Duration.ofHours(1), Duration.ofSeconds(90), 0, false, true), source.limits());
    assertEquals(new SourceConfig.Pace(Duration.ofSeconds(5), 10, 100), source.pace());
    assertEquals(0, source.poisonAfter());
    assertEquals(
        new TableLayout(
            new TableName("app", "Jobs"),
            new TableLayout.Columns("ID", "s", "t", "h", "a", "who", null),
            new TableLayout.States("q", List.of("r1", "r2"), "f", "d")),
        source.layout());
    assertEquals("{host}/{pid}", String.valueOf(source.holding().pattern()));
    assertTrue(source.concerns("image-worker"));
    assertFalse(source.concerns("other"));
  }

  @Test
  void aSourceMayBelongToOneWorkerOnly() throws BadConfiguration {
    assertFalse(read(LEAST).sources().getFirst().holding().only());
    SourceConfig source =
        read(LEAST + "    holder: {worker: w, only: true}\n").sources().getFirst();
    assertTrue(source.holding().only());
    assertEquals(new Layout.Reach.All(), source.reach());
    String column = LEAST.replace("state: state", "state: state, holder: h");
    SourceConfig nameless =
        read(column + "    holder: {worker: w, only: true, format: \"*\"}\n").sources().getFirst();
    assertNull(nameless.holding().pattern());
    String without =
        assertThrows(
                BadConfiguration.class,
                () -> read(column + "    holder: {only: true, format: \"*\"}\n"))
            .getMessage();
    assertTrue(without.contains("sources[0].holder.only: is there without a worker"), without);
    assertThrows(
        BadConfiguration.class, () -> read(column + "    holder: {worker: w, format: \"*\"}\n"));
  }

  @Test
  void aFormatOfWhichTheLibraryKeepsTooLittleIsRefused() throws BadConfiguration {
    String text =
        "sources:\n  - {name: a, preset: db-scheduler, holder: {format: \"%s{host}:{pid}\"}}\n";
    String fits = read(text.formatted("n".repeat(40))).sources().getFirst().name();
    assertEquals("a", fits);
    String message =
        assertThrows(BadConfiguration.class, () -> read(text.formatted("n".repeat(44))))
            .getMessage();
    assertTrue(message.contains("{pid}\" is too long: holders are cut to 50 characters"), message);
  }

  @Test
  void aFormatThatNobodyWroteIsAssumedOfATableAndKnownOfALibrary() throws BadConfiguration {
    String column = LEAST.replace("state: state", "state: state, holder: h");
    assertTrue(assumed(column));
    assertFalse(assumed(column + "    holder: {format: \"{host}:{pid}\"}\n"));
    assertFalse(assumed("sources:\n  - {name: a, preset: solid-queue}\n"));
  }

  private static boolean assumed(String text) throws BadConfiguration {
    return Objects.requireNonNull(read(text).sources().getFirst().holding().pattern()).isAssumed();
  }

  @Test
  void anInstanceNamesAHolderOnlyWhereATimeTellsItsProcessesApart() throws BadConfiguration {
    String table = LEAST.replace("state: state", "state: state, holder: h%s");
    String holder = "    holder: {format: \"%s\"}\n";
    String message =
        assertThrows(
                BadConfiguration.class,
                () -> read(table.formatted("") + holder.formatted("{instance}")))
            .getMessage();
    assertTrue(
        message.contains(
            "sources[0].holder.format: \"{instance}\" names an instance, and the table has no time"),
        message);
    assertTrue(message.contains("set columns.started or columns.heartbeat"), message);
    read(table.formatted(", started: t") + holder.formatted("{instance}"));
    read(table.formatted(", heartbeat: b") + holder.formatted("{instance}"));
    read(table.formatted("") + holder.formatted("{instance}/{pid}"));
    read(table.formatted("") + holder.formatted("{host}:{pid}"));
  }

  @Test
  void saysAllThatIsWrong() {
    String wrong =
        """
        sources:
          - name: a/b
            table: a.b.c
            database: mysql://secretive
            columns: {id: x, state: x, heart: y}
            states: {ready: r, running: r}
            holder: {format: "{pid}"}
            heartbeat_grace: 5s
            stuck_after: 0s
            batch: 0
            max_per_minute: 1000001
            poison_after: 101
          - name: c
            preset: sidekiq
            table: c
            columns: {id: i, state: s, holder: h}
            states: {ready: r, running: [], failed: f}
            holder: {format: "{process}"}
          - name: c
            table: c
            columns: {id: i, state: s}
            states: {ready: r, running: x, failed: f}
          - name: d
            preset: procrastinate
            holder: {worker: w, format: "{pid}"}
        """;
    String message = assertThrows(BadConfiguration.class, () -> read(wrong)).getMessage();
    for (String part :
        List.of(
            "sources[0].name: \"a/b\" is not a name",
            "sources[0].table: \"a.b.c\" is not a table",
            "sources[0].database:",
            "sources[0].columns.state: \"x\" is used twice",
            "sources[0].columns.heart: is not a known key",
            "sources[0].states.failed: is missing",
            "sources[0].states.running: is also ready or failed",
            "sources[0].holder.format: is there without a holder column",
            "sources[0].heartbeat_grace: is there without a heartbeat column",
            "sources[0].stuck_after: \"0s\" is not a duration",
            "sources[0].batch: \"0\" is not a whole number from 1 to 10000",
            "sources[0].max_per_minute: \"1000001\" is not a whole number from 1 to 1000000",
            "sources[0].poison_after: \"101\" is not a whole number from 0 to 100",
            "sources[1].preset: \"sidekiq\" is not a preset; allowed: table",
            "sources[1].states.running: is missing",
            "sources[1].holder.format: \"{process}\" has an unknown placeholder",
            "sources[2].name: \"c\" is there twice",
            "sources[3].holder.format: is there without a holder column; leave it out")) {
      assertTrue(message.contains(part), part + "\nis not in\n" + message);
    }
    assertFalse(message.contains("secretive"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "jobrunr, max_attempts",
    "jobrunr, poison_after",
    "que, act_on_unknown",
    "que, max_per_minute"
  })
  void whatAPresetIgnoresIsRefused(String preset, String key) throws BadConfiguration {
    String value = key.equals("act_on_unknown") ? "true" : "5";
    String text = "sources: [ { name: a, preset: %s, %s: %s } ]";
    String said = told(text.formatted(preset, key, value));
    assertTrue(said.contains("sources[0]." + key + ": changes nothing with " + preset), said);
    read(text.formatted("quartz", "poison_after", "5"));
    read(text.formatted("pg-boss", "max_attempts", "3"));
  }

  private static String told(String text) {
    return assertThrows(BadConfiguration.class, () -> read(text)).problems().stream()
        .map(String::valueOf)
        .collect(java.util.stream.Collectors.joining());
  }

  private static JobsConfig read(String text) throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", text, Map.of());
    JobsConfig config = JobsConfig.from(reading.root(), "here");
    reading.finish();
    return config;
  }
}
