package io.selfheal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test is run: its file has a name that the build looks for. */
class SuiteTest {
  private static final Pattern TEST =
      Pattern.compile("^\\s*@(Test|ParameterizedTest|Property|ArchTest)\\b", Pattern.MULTILINE);

  private static final Pattern RUN = Pattern.compile(".*(Test|Properties)\\.java");

  @Test
  void noTestIsInAFileThatTheBuildPassesBy() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      List<Path> tests = files.filter(SuiteTest::hasTests).toList();
      assertFalse(tests.isEmpty());
      assertEquals(List.of(), tests.stream().filter(file -> !isRun(file)).toList());
    }
  }

  private static boolean isRun(Path file) {
    return RUN.matcher(file.toString()).matches();
  }

  private static boolean hasTests(Path file) {
    try {
      return Files.isRegularFile(file) && TEST.matcher(Files.readString(file)).find();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
