package io.selfheal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SumsTest {
  private static final String ONE =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir private Path directory;

  @Test
  void readsWhatSha256sumWritesWhateverTheNames() throws Exception {
    List<String> names = List.of("plain", "two  spaces", "back\\slash", "line\nfeed", "*star", "é");
    for (String name : names) {
      Files.writeString(directory.resolve(name), "");
    }
    for (String option : List.of("--text", "--binary", "--tag")) {
      Path file = directory.resolve("SUMS" + option);
      Process process =
          new ProcessBuilder(
                  "sh", "-c", "sha256sum " + option + " plain two* back* line* '*star' é")
              .directory(directory.toFile())
              .redirectOutput(file.toFile())
              .start();
      process.waitFor(10, TimeUnit.SECONDS);
      Sums sums = Sums.read(file);
      assertEquals(List.of(), sums.problems());
      for (String name : names) {
        assertEquals(ONE, sums.byName().get(name), option + " " + name);
      }
      assertEquals(names.size(), sums.byName().size());
    }
  }

  @Test
  void passesOverRemarksAndTakesCapitals() {
    Sums sums =
        Sums.parse(List.of("# made by hand", "", ONE.toUpperCase(java.util.Locale.ROOT) + "  a"));
    assertEquals(Map.of("a", ONE), sums.byName());
    assertEquals(List.of(), sums.problems());
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc  a", ONE + " a", ONE + "  ", "a  " + ONE, "MD5 (a) = abc"})
  void namesWhatIsNoSum(String line) {
    assertEquals(1, Sums.parse(List.of(line)).problems().size());
  }

  @Test
  void aNameWithTwoSumsIsAProblem() {
    assertEquals(
        1, Sums.parse(List.of(ONE + "  a", ONE.replace('e', 'f') + "  a")).problems().size());
    assertEquals(0, Sums.parse(List.of(ONE + "  a", ONE + "  a")).problems().size());
  }
}
