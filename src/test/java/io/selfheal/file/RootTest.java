package io.selfheal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leads out of a root, and what does not. */
@Timeout(60)
class RootTest {
  private static final Globs ALL = Globs.of(List.of("**"));

  @TempDir private Path directory;
  private Path inside;
  private Path outside;

  @BeforeEach
  void twoTrees() throws Exception {
    directory = directory.toRealPath();
    inside = Files.createDirectories(directory.resolve("inside"));
    outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(Files.createDirectories(inside.resolve("a/b")).resolve("file"), "in");
    Files.writeString(outside.resolve("file"), "out");
  }

  private List<String> walk(List<String> left) throws Exception {
    List<String> found = new ArrayList<>();
    try (Root root = Root.open(inside)) {
      left.addAll(Walk.of(root, ALL, file -> found.add(file.name().toString())));
    }
    return found.stream().sorted().toList();
  }

  @Test
  void regularFilesAreFoundAndLinksArePassedBy() throws Exception {
    Files.createSymbolicLink(inside.resolve("a/link"), outside);
    Files.createSymbolicLink(inside.resolve("a/name"), outside.resolve("file"));
    Files.createSymbolicLink(inside.resolve("a/up"), Path.of(".."));
    Files.createSymbolicLink(inside.resolve("nowhere"), Path.of("gone"));
    List<String> left = new ArrayList<>();
    assertEquals(List.of("a/b/file"), walk(left));
    assertEquals(4, left.size(), left::toString);
  }

  @Test
  void pipesAndSocketsAreNeitherOpenedNorFound() throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", inside + "/pipe").start().waitFor());
    assertEquals(List.of("a/b/file"), walk(new ArrayList<>()));
    try (Root root = Root.open(inside)) {
      assertThrows(Escape.class, () -> root.above(Path.of("pipe/x")));
      assertThrows(
          Escape.class,
          () -> root.folder().read(Path.of("pipe"), root.folder().attributes(Path.of("pipe"))));
    }
  }

  @Test
  void aHardLinkIsAFileLikeAnyOther() throws Exception {
    Files.createLink(inside.resolve("second"), outside.resolve("file"));
    assertEquals(List.of("a/b/file", "second"), walk(new ArrayList<>()));
    try (Root root = Root.open(inside)) {
      assertTrue(root.folder().delete(Path.of("second")));
    }
    assertEquals("out", Files.readString(outside.resolve("file")), "the other name stays");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../outside/file", "a/../../outside/file", "a/./b/file", "/etc/passwd", ""})
  void namesThatLeadElsewhereAreRefused(String name) throws Exception {
    try (Root root = Root.open(inside)) {
      assertThrows(Escape.class, () -> root.above(Path.of(name)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "a/b", "/a"})
  void onlyPlainNamesAreActedOn(String name) throws Exception {
    try (Root root = Root.open(inside)) {
      assertThrows(IllegalArgumentException.class, () -> root.folder().delete(Path.of(name)));
    }
  }

  @Test
  void aLinkOnTheWayToTheRootIsRefused() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), inside);
    assertThrows(Escape.class, () -> Root.open(link));
    assertThrows(Escape.class, () -> Root.open(link.resolve("a")));
    assertThrows(Escape.class, () -> Root.open(inside.resolve("a/../a")));
    assertThrows(Escape.class, () -> Root.open(inside.resolve("a/b/file")));
  }

  @Test
  void anotherFileSystemIsNotEntered() throws Exception {
    try (Disk disk = new Disk()) {
      Files.writeString(disk.tmpfs(inside.resolve("a/mnt"), "1m").resolve("x"), "mounted");
      List<String> left = new ArrayList<>();
      assertEquals(List.of("a/b/file"), walk(left));
      assertTrue(left.getFirst().contains("a/mnt is a mount"), left::toString);
    }
  }

  @Test
  void aBindMountOfTheSameFileSystemIsNotEntered() throws Exception {
    Path odd = Files.createDirectory(inside.resolve("odd name\\é"));
    try (Disk disk = new Disk()) {
      disk.bind(outside, odd);
      List<String> left = new ArrayList<>();
      assertEquals(List.of("a/b/file"), walk(left));
      assertTrue(left.getFirst().contains("is a mount"), left::toString);
      try (Root root = Root.open(inside)) {
        assertThrows(Escape.class, () -> root.above(inside.relativize(odd).resolve("file")));
      }
    }
  }

  @Test
  void aBindMountOfOneFileIsNotFound() throws Exception {
    try (Disk disk = new Disk()) {
      disk.bind(outside.resolve("file"), inside.resolve("a/b/file"));
      assertEquals(List.of(), walk(new ArrayList<>()));
    }
    assertEquals("out", Files.readString(outside.resolve("file")));
  }

  @Test
  void aRootThatIsAMountItselfIsFine() throws Exception {
    try (Disk disk = new Disk()) {
      Path mount = disk.tmpfs(directory.resolve("mnt"), "1m");
      Files.writeString(Files.createDirectory(mount.resolve("d")).resolve("x"), "x");
      try (Root root = Root.open(mount);
          Folder above = root.above(Path.of("d/x"))) {
        assertTrue(above.has(Path.of("x")));
      }
    }
  }

  @Test
  void anOpenFolderStaysTheSameWhenItsPathLeadsElsewhere() throws Exception {
    try (Root root = Root.open(inside);
        Folder above = root.above(Path.of("a/b/file"))) {
      Files.move(inside.resolve("a"), inside.resolve("moved"));
      Files.createDirectories(outside.resolve("b"));
      Files.writeString(outside.resolve("b/file"), "keep");
      Files.createSymbolicLink(inside.resolve("a"), outside);
      above.link(Path.of("file"), Path.of("second"));
      above.makeFolder(Path.of("made"), java.util.Set.of());
      above.sync();
      assertTrue(above.delete(Path.of("file")));
    }
    try (Stream<Path> all = Files.list(outside.resolve("b"))) {
      assertEquals(List.of(outside.resolve("b/file")), all.toList());
    }
    assertEquals("in", Files.readString(inside.resolve("moved/b/second")));
  }

  @Test
  void whatTookTheNameOfAFileIsNotRead() throws Exception {
    try (Root root = Root.open(inside);
        Folder above = root.above(Path.of("a/b/file"))) {
      var seen = above.attributes(Path.of("file"));
      Files.move(inside.resolve("a/b/file"), inside.resolve("a/b/kept"));
      Files.createSymbolicLink(inside.resolve("a/b/file"), outside.resolve("file"));
      assertThrows(Escape.class, () -> above.read(Path.of("file"), seen));
    }
  }
}
