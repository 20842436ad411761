package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.job.HolderPattern.Parts;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HolderPatternTest {
  @Test
  void readsWhatTheFormatNames() {
    assertEquals(
        new Parts("box-1.lan", OptionalLong.of(4711), OptionalLong.of(99), "a/b"),
        parse("w[{host}]({pid}).{start_ticks}/{instance}", "w[box-1.lan](4711).99/a/b"));
    assertEquals(
        new Parts(null, OptionalLong.of(7), OptionalLong.empty(), null),
        parse("*#{pid}@*", "anything # at all #7@here"));
    assertEquals(
        new Parts(null, OptionalLong.empty(), OptionalLong.empty(), "images.1"),
        parse("{instance}", "images.1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "host:",
        ":1",
        "host:0",
        "host:01",
        "host:-1",
        "host:12345678901",
        "host:1 ",
        "host:1x",
        "ho st:1",
        "host:१"
      })
  void refusesWhatHasAnotherForm(String holder) {
    assertTrue(HolderPattern.compile("{host}:{pid}").parse(holder).isEmpty());
  }

  @Test
  void refusesWhatIsTooLong() {
    HolderPattern pattern = HolderPattern.compile("{instance}");
    assertTrue(pattern.parse("x".repeat(512)).isPresent());
    assertTrue(pattern.parse("x".repeat(513)).isEmpty());
  }

  @Test
  void whatMayHaveLostItsEndSaysNothing() {
    HolderPattern pattern = HolderPattern.compile("n".repeat(40) + "{host}:{pid}").cutAt(50);
    String whole = "n".repeat(40) + "vm:12883";
    assertEquals(OptionalLong.of(12883), pattern.parse(whole).orElseThrow().pid());
    assertTrue(pattern.parse("n".repeat(40) + "host:12883").isEmpty());
    assertTrue(pattern.parse("n".repeat(40) + "host:128831").isEmpty());
    assertEquals("does not have the form " + pattern, pattern.refusal("somebody"));
  }

  @ParameterizedTest
  @CsvSource({
    "{host}:{pid}, 41, ",
    "{host}:{pid}, 42, no process whose pid has more than 6 digits",
    "{host}:{pid}, 47, no process whose pid has more than 1 digits",
    "{host}:{pid}, 48, no process",
    "{host}, 63, ",
    "pid:{pid}, 63, ",
    "{host}/{instance}:{pid}, 39, ",
    "{host}/{instance}:{pid}, 40, no process whose pid has more than 6 digits",
  })
  void whatMayBeCutOnThisHostIsKnownBefore(String format, int host, @Nullable String whose) {
    HolderPattern pattern = HolderPattern.compile(format).cutAt(50);
    String name = "h".repeat(host);
    String told =
        "holders of the form %s fit for %s of this host, %s (%d characters): the library keeps 50, and of a name that may be cut no death is proven"
            .formatted(format, whose, name, host);
    assertEquals(Optional.ofNullable(whose).map(any -> told), pattern.cut(name));
    assertTrue(HolderPattern.compile(format).cut(name).isEmpty(), "this library keeps all of it");
  }

  @Test
  void aFormatThatIsAlwaysCutIsRefused() {
    HolderPattern.compile("n".repeat(40) + "{host}:{pid}").cutAt(50);
    HolderPattern always = HolderPattern.compile("n".repeat(41) + "{host}:{pid}");
    assertEquals(
        "is too long: holders are cut to 50 characters, and with a host of one and a pid of seven it has 50",
        assertThrows(IllegalArgumentException.class, () -> always.cutAt(50)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "worker,has none of {host} {pid} {instance}: it names nothing",
        "{pid}:{pid},has {pid} twice",
        "{host}{pid},needs some text between {pid} and what is before it",
        "*{pid},needs some text between {pid} and what is before it",
        "{process},has an unknown placeholder {process}",
        "{pid,has a brace without its other half",
        "*a*b*c{pid},has more than 2 times *",
        "{instance}/{start_ticks},has {start_ticks} without {pid}"
      })
  void saysWhatIsWrongWithAFormat(String format, String message) {
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> HolderPattern.compile(format));
    assertEquals(message, wrong.getMessage());
  }

  private static Parts parse(String format, String holder) {
    return HolderPattern.compile(format).parse(holder).orElseThrow();
  }
}
