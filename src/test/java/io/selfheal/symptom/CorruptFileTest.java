package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.file.Regular;
import io.selfheal.file.Sum;
import io.selfheal.message.Presence;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real files; the clock is turned by hand, and starts ahead of the files' own dates. */
@Timeout(60)
class CorruptFileTest {
  private static final Bus BUS = new Bus(Vertx.vertx());
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private Path directory;
  private Path base;
  private Path manifest;
  private Duration passed = Duration.ZERO;
  private final Instant start = Instant.now();

  @BeforeEach
  void twoModels() throws Exception {
    base = directory.toRealPath();
    manifest = base.resolve("SHA256SUMS");
    Files.writeString(base.resolve("a.bin"), "model a");
    Files.writeString(base.resolve("b.bin"), "model b");
    sums("a.bin", "b.bin");
    pass(Duration.ofSeconds(10));
  }

  private void pass(Duration more) {
    passed = passed.plus(more);
  }

  private Surroundings around() {
    Time time = new Time(() -> start.plus(passed), () -> passed.toNanos());
    return new Surroundings(time, BUS, Optional.empty());
  }

  private void sums(String... names) throws Exception {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append(sum(base.resolve(name))).append("  ").append(name).append('\n');
    }
    Files.writeString(manifest, text);
  }

  private static String sum(Path file) throws IOException {
    try (FileChannel in = Regular.open(file)) {
      return Sum.of(in).sha256();
    }
  }

  private Detector detector(String where) throws BadConfiguration {
    var reading = new io.selfheal.config.Reading("rules.yaml", "where: " + where, Map.of());
    var make =
        new CorruptFile()
            .read(
                reading.root().section("where"),
                reading.root().section("enter"),
                reading.root().section("leave"));
    reading.finish();
    return make.detector();
  }

  private Detector ofManifest() throws BadConfiguration {
    return detector("{ manifest: %s }".formatted(manifest));
  }

  private Presence of(String name, List<Reading> readings) {
    return reading(name, readings).presence();
  }

  private Reading reading(String name, List<Reading> readings) {
    String subject = "file" + base.resolve(name);
    return readings.stream().filter(one -> one.subject().equals(subject)).findFirst().orElseThrow();
  }

  private List<Reading> look(Detector detector) throws Exception {
    pass(SECOND);
    return detector.look(around());
  }

  @Test
  void aByteThatTurnedIsFoundAndSoIsItsCure() throws Exception {
    Detector detector = ofManifest();
    assertEquals(Presence.ABSENT, of("a.bin", look(detector)));
    Files.writeString(base.resolve("a.bin"), "modem a");
    assertEquals(Presence.UNKNOWN, of("a.bin", look(detector)), "it may still be being written");
    pass(Duration.ofSeconds(5));
    List<Reading> later = look(detector);
    assertEquals(Presence.PRESENT, of("a.bin", later));
    assertTrue(reading("a.bin", later).evidence().contains("instead of"));
    assertEquals(Presence.ABSENT, of("b.bin", later));
    Files.writeString(base.resolve("a.bin"), "model a");
    pass(Duration.ofSeconds(5));
    look(detector);
    pass(Duration.ofSeconds(5));
    assertEquals(Presence.ABSENT, of("a.bin", look(detector)));
  }

  @Test
  void aChangeThatKeepsLengthAndDateIsFound() throws Exception {
    Detector detector = ofManifest();
    look(detector);
    FileTime date = Files.getLastModifiedTime(base.resolve("a.bin"));
    Files.writeString(base.resolve("a.bin"), "modem a");
    Files.setLastModifiedTime(base.resolve("a.bin"), date);
    look(detector);
    pass(Duration.ofSeconds(5));
    assertEquals(Presence.PRESENT, of("a.bin", look(detector)));
  }

  @Test
  void aDeployThatReplacesFileAndManifestIsNone() throws Exception {
    Detector detector = ofManifest();
    look(detector);
    for (String next : List.of("model a 2", "model a 3")) {
      Path fresh = Files.writeString(base.resolve("fresh"), next);
      Files.setLastModifiedTime(fresh, FileTime.from(Instant.EPOCH));
      Files.move(fresh, base.resolve("a.bin"), StandardCopyOption.ATOMIC_MOVE);
      assertEquals(Presence.UNKNOWN, of("a.bin", look(detector)));
      sums("a.bin", "b.bin");
      for (int i = 0; i < 4; i++) {
        List<Reading> readings = look(detector);
        assertTrue(
            readings.stream().noneMatch(one -> one.presence() == Presence.PRESENT),
            readings::toString);
      }
      pass(Duration.ofSeconds(5));
      look(detector);
      assertEquals(Presence.ABSENT, of("a.bin", look(detector)));
    }
  }

  @Test
  void aFileThatIsBeingWrittenIsUnknown() throws Exception {
    Detector detector = ofManifest();
    look(detector);
    try (FileChannel out =
        FileChannel.open(
            base.resolve("a.bin"), StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      for (int i = 0; i < 10; i++) {
        out.write(java.nio.ByteBuffer.wrap(new byte[] {1}));
        assertEquals(Presence.UNKNOWN, of("a.bin", look(detector)));
      }
    }
  }

  @Test
  void aFileThatChangesWhileItIsReadIsUnknown() throws Exception {
    Path big = base.resolve("big.bin");
    Files.write(big, new byte[1 << 20]);
    sums("big.bin");
    pass(Duration.ofSeconds(10));
    Detector detector = detector("{ manifest: %s, rate: 256KiB }".formatted(manifest));
    Reading first = reading("big.bin", look(detector));
    assertEquals(Presence.UNKNOWN, first.presence());
    assertTrue(first.evidence().contains("25 % of it"), first.evidence());
    Files.write(big, new byte[] {7}, StandardOpenOption.APPEND);
    for (int i = 0; i < 4; i++) {
      assertEquals(Presence.UNKNOWN, of("big.bin", look(detector)));
    }
  }

  @Test
  void readsNoMoreThanItsRateAndHearsOfAllInTheEnd() throws Exception {
    for (int i = 0; i < 4; i++) {
      Files.write(base.resolve("m" + i), new byte[300 << 10]);
    }
    sums("m0", "m1", "m2", "m3");
    pass(Duration.ofSeconds(10));
    Detector detector = detector("{ manifest: %s, rate: 256KiB }".formatted(manifest));
    int looks = 0;
    List<Reading> readings;
    do {
      readings = look(detector);
      looks++;
    } while (readings.stream().anyMatch(one -> one.presence() == Presence.UNKNOWN) && looks < 50);
    assertTrue(readings.stream().allMatch(one -> one.presence() == Presence.ABSENT));
    assertEquals(5, looks, "1200 KiB at 256 KiB a look");
    pass(Duration.ofDays(30));
    detector.look(around());
    detector.close();
  }

  @Test
  void sumsInTheRuleItselfAreExpectedToo() throws Exception {
    Path file = base.resolve("a.bin");
    Detector detector = detector("{ expected: [\"%s  %s\"] }".formatted(sum(file), file));
    assertEquals(Presence.ABSENT, of("a.bin", look(detector)));
  }

  @Test
  void missingIsCorruptButNotAtOnce() throws Exception {
    Detector detector = ofManifest();
    look(detector);
    Files.delete(base.resolve("a.bin"));
    assertEquals(Presence.UNKNOWN, of("a.bin", look(detector)));
    pass(Duration.ofSeconds(5));
    List<Reading> later = look(detector);
    assertEquals(Presence.PRESENT, of("a.bin", later));
    assertTrue(reading("a.bin", later).evidence().endsWith("is missing"));
  }

  @Test
  void whatTheManifestNamesNoMoreIsGone() throws Exception {
    Detector detector = ofManifest();
    look(detector);
    sums("b.bin");
    look(detector);
    pass(Duration.ofSeconds(5));
    List<Reading> readings = look(detector);
    assertEquals(Presence.ABSENT, of("b.bin", readings));
    assertTrue(
        readings.stream().noneMatch(one -> one.subject().endsWith("a.bin"))
            || of("a.bin", readings) == Presence.GONE);
  }

  @Test
  void aManifestThatIsGoneMakesEverythingUnknown() throws Exception {
    Detector detector = ofManifest();
    look(detector);
    Files.delete(manifest);
    List<Reading> readings = look(detector);
    assertEquals(2, readings.size());
    assertTrue(readings.stream().allMatch(one -> one.presence() == Presence.UNKNOWN));
    assertTrue(readings.getFirst().evidence().contains("SHA256SUMS cannot be used: is not there"));
    IOException first = assertThrows(IOException.class, () -> look(ofManifest()));
    assertTrue(first.getMessage().contains("correct where.manifest"), first.getMessage());
  }

  @Test
  void aFileThatMayNotBeReadIsUnknownWithTheReason() throws Exception {
    Detector detector = ofManifest();
    look(detector);
    Files.delete(base.resolve("a.bin"));
    assumeTrue(
        new ProcessBuilder("mkfifo", base.resolve("a.bin").toString()).start().waitFor() == 0);
    List<Reading> readings = look(detector);
    assertEquals(Presence.PRESENT, of("a.bin", readings));
    assertTrue(reading("a.bin", readings).evidence().contains("no regular file"));
    Files.delete(base.resolve("a.bin"));
    Files.createSymbolicLink(base.resolve("a.bin"), Path.of("a.bin"));
    Reading loop = reading("a.bin", look(detector));
    assertEquals(Presence.UNKNOWN, loop.presence());
    assertTrue(loop.evidence().contains("cannot be checked"), loop.evidence());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ } | where.manifest: is missing, and so is expected",
        "{ manifest: SUMS } | is not absolute",
        "{ expected: [abc] } | line 1 is not",
        "{ manifest: /x/SUMS, base: x } | is not absolute",
        "{ manifest: /x/SUMS, settle: 0s } | is not a duration",
        "{ manifest: /x/SUMS, rate: 1B } | is not a size",
        "{ manifest: /x/SUMS, speed: 1MiB } | is not a known key"
      })
  void saysWhatIsWrong(String where, String expected) {
    BadConfiguration bad = assertThrows(BadConfiguration.class, () -> detector(where));
    assertTrue(bad.getMessage().contains(expected), bad.getMessage());
  }

  @Test
  void namesInAManifestDoNotLeadElsewhere() throws Exception {
    Files.writeString(manifest, sum(base.resolve("a.bin")) + "  ../../etc/passwd\n");
    IOException refused = assertThrows(IOException.class, () -> look(ofManifest()));
    assertTrue(refused.getMessage().contains("leads out of"), refused.getMessage());
  }
}
