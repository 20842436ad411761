package io.selfheal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {
  @TempDir private Path directory;

  @Test
  void seesWhoHasAFileOpen() throws Exception {
    Path open = Files.writeString(directory.resolve("open"), "x");
    Path idle = Files.writeString(directory.resolve("idle"), "x");
    Process cat = new ProcessBuilder("cat").redirectOutput(open.toFile()).start();
    try {
      OpenFiles now = OpenFiles.now();
      assertEquals(Optional.of(cat.pid()), now.holder(id(open)));
      assertEquals(Optional.empty(), now.holder(id(idle)));
    } finally {
      cat.destroyForcibly().waitFor();
    }
    assertEquals(Optional.empty(), OpenFiles.now().holder(id(open)));
  }

  @Test
  void seesAMappedFileWhoseDescriptorIsClosed() throws Exception {
    Path program = Files.copy(Path.of("/bin/sleep").toRealPath(), directory.resolve("program"));
    assertTrue(program.toFile().setExecutable(true));
    Process sleep = new ProcessBuilder(program.toString(), "60").start();
    try {
      // The new program is in place once its name shows.
      Path comm = Path.of("/proc", Long.toString(sleep.pid()), "comm");
      while (!Files.readString(comm).startsWith("program")) {
        Thread.onSpinWait();
      }
      assertEquals(Optional.of(sleep.pid()), OpenFiles.now().holder(id(program)));
    } finally {
      sleep.destroyForcibly().waitFor();
    }
  }

  @Test
  void readsALineOfMaps() {
    assertEquals(
        Optional.of(new FileId(0xfe00, 42)),
        OpenFiles.mapped("7f00-7f01 r--p 00000000 fe:00 42       /a b"));
    assertEquals(Optional.empty(), OpenFiles.mapped("7f00-7f01 rw-p 00000000 00:00 0 [heap]"));
    assertEquals(new FileId(0x100abc00L | 0x03L, 7).inode(), 7);
  }

  private static FileId id(Path path) throws Exception {
    return FileId.of(Files.readAttributes(path, BasicFileAttributes.class));
  }
}
