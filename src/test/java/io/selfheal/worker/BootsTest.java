package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BootsTest {
  @TempDir private Path folder;

  private Boots remember(String current) throws IOException {
    return Boots.remember(new Notes(folder), current);
  }

  @Test
  void allButTheCurrentOneAreOver() throws IOException {
    assertEquals(Set.of(), remember("a").over("a"));
    assertEquals(Set.of("a"), remember("b").over("b"));
    assertEquals(Set.of("a", "b"), remember("c").over("c"));
    assertEquals(Set.of("a", "b"), remember("c").over("c"));
    assertEquals("a\nb\nc", Files.readString(folder.resolve("boots.note")));
  }

  @Test
  void theOldestAreForgotten() throws IOException {
    for (int i = 0; i < Boots.MOST + 5; i++) {
      remember("boot-" + i);
    }
    List<String> kept =
        IntStream.range(5, Boots.MOST + 5).mapToObj(number -> "boot-" + number).toList();
    assertEquals(new Boots(kept), Boots.parse(Files.readString(folder.resolve("boots.note"))));
  }

  @Test
  void aFileThatCannotBeWrittenIsSaid() throws IOException {
    Files.createDirectory(folder.resolve("boots.note.new"));
    assertThrows(IOException.class, () -> remember("a"));
  }
}
