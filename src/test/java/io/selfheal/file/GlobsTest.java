package io.selfheal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobsTest {
  @ParameterizedTest
  @CsvSource({
    "*.bin, a.bin, true",
    "*.bin, d/a.bin, false",
    "**/*.bin, a.bin, true",
    "**/*.bin, d/e/a.bin, true",
    "**/*.bin, d/a.txt, false",
    "d/**, d/a, true",
    "d/**, e/a, false",
    "**/t/**/*.x, t/a.x, true",
    "**/t/**/*.x, a/t/b/c.x, true",
    "file?, file1, true",
    "[ab]*, b.x, true",
    "'{a,b}/*', b/x, true",
    "**, any/thing, true"
  })
  void matches(String pattern, String name, boolean expected) {
    assertEquals(expected, Globs.of(List.of(pattern)).match(Path.of(name)), pattern);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/abs/*", "../x", "a/../b", "a//b", "./a", "[a", "{a", " "})
  void isWrong(String pattern) {
    assertTrue(Globs.problem(pattern).isPresent(), pattern);
  }
}
