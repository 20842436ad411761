package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.message.Event;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent.Lost;
import io.selfheal.message.WorkerEvent.Unresponsive;
import io.selfheal.message.WorkerEvent.Unwell;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WordsTest {
  private static final ProcessIdentity PROCESS = new ProcessIdentity("boot", 7392, 385217);

  @ParameterizedTest
  @MethodSource("symptoms")
  void summaryNamesTheWorkerAndThePidOnce(Event event, String summary) {
    assertEquals(summary, BuiltIns.match(event).orElseThrow().summary());
  }

  static Stream<Arguments> symptoms() {
    return Stream.of(
        Arguments.of(
            lost("demo.3", Owner.AGENT, "ended by signal 9 (KILL)", 60),
            "demo.3 died: pid 7392 ended by signal 9 (KILL) after 1 min 0 s"),
        Arguments.of(
            lost("demo@7392", Owner.OTHER, "ended (seen in /proc)", 2),
            "demo@7392 died: pid 7392 ended (seen in /proc) after 2.0 s"),
        Arguments.of(
            lost("demo@7392", Owner.SYSTEMD, "ended with exit status 1", 2),
            "demo died: pid 7392 ended with exit status 1 after 2.0 s"),
        Arguments.of(
            new Unresponsive(
                "demo",
                "demo.3",
                PROCESS,
                Owner.AGENT,
                Unwell.SILENT,
                "sent no heartbeat for 41 s; 40 s are allowed",
                Duration.ofSeconds(41)),
            "demo.3 is silent: pid 7392 sent no heartbeat for 41 s; 40 s are allowed"));
  }

  private static Lost lost(String instance, Owner owner, String evidence, int seconds) {
    return new Lost(
        "demo", instance, PROCESS, owner, evidence, Scene.NOON, Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"worker/demo.3, demo.3", "source/images, source images", "host, host"})
  void subjects(String subject, String said) {
    assertEquals(said, Words.subject(subject));
  }

  @Test
  void tailOfAnId() {
    assertEquals("1db6803d7129", Words.tail("01a2016e-9112-75ef-a3e8-1db6803d7129"));
  }

  @ParameterizedTest
  @CsvSource({
    "worker/images.1, images.1",
    "source/images, source images",
    "job/images/42, job images/42",
    "file/var/lib/a.bin, file /var/lib/a.bin",
    "mount/var/lib, mount /var/lib",
    "mount/, mount /",
    "host, host",
  })
  void subjectIsNamedByItsKindAndName(String subject, String words) {
    assertEquals(words, Words.subject(subject));
  }
}
