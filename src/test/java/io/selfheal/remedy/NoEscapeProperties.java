package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.file.Archived;
import io.selfheal.file.Folder;
import io.selfheal.file.Restoring;
import io.selfheal.file.Root;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever links and names there are below a root: what is outside of it stays as it was. */
class NoEscapeProperties {
  /** One thing that is made below the root: what, where, and where a link leads. */
  record Made(int kind, String name, String target) {}

  @Provide
  Arbitrary<List<Made>> trees() {
    Arbitrary<String> part = Arbitraries.of("a", "b", "c", "a b", "*", "…");
    Arbitrary<String> name =
        part.list().ofMinSize(1).ofMaxSize(3).map(all -> String.join("/", all));
    Arbitrary<String> target =
        Arbitraries.of(
            "../outside",
            "../outside/x",
            "../../",
            "/",
            "..",
            ".",
            "a",
            "b/c",
            "OUTSIDE",
            "OUTSIDE/d",
            "OUTSIDE/x",
            "../inside/../outside/d");
    return Combinators.combine(Arbitraries.integers().between(0, 3), name, target)
        .as(Made::new)
        .list()
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("..", ".", "", "a", "outside", "x", "/", "link", "d")
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(all -> String.join("/", all));
  }

  @Property(tries = 20)
  void noTreeLetsARemedyOut(@ForAll("trees") List<Made> trees) throws Exception {
    try (Place place = new Place()) {
      for (Made one : trees) {
        place.make(one);
      }
      Map<String, String> before = place.outside();
      Task task = Tasks.later(Duration.ofDays(30), Duration.ofMinutes(1));
      Act archive =
          Tasks.act(
              new ArchiveFiles(Tasks.BROAD),
              "{ roots: [%s], globs: [\"**\"], to: %s, keep_free: 0B, unseen: ignore }"
                  .formatted(place.inside, place.archives));
      String left = archive.perform(task).undo();
      assertEquals(before, place.outside());
      if (left != null) {
        archive.undo(task, left);
        assertEquals(before, place.outside());
      }
      Tasks.act(
              new ClearCache(Tasks.BROAD),
              "{ roots: [%s], globs: [\"**\"], keep: 0B, min_age: 0s, unseen: ignore }"
                  .formatted(place.inside))
          .perform(task);
      assertEquals(before, place.outside());
      for (Made one : trees) {
        Tasks.act(
                new RestoreFile(Tasks.BROAD),
                "{ root: %s, from: %s }".formatted(place.inside, place.good))
            .perform(Tasks.task("file" + place.inside + "/" + one.name(), Duration.ofMinutes(1)));
      }
      assertEquals(before, place.outside());
    }
  }

  @Property(tries = 100)
  void noNameInAManifestLeadsOut(@ForAll("names") String name) throws Exception {
    try (Place place = new Place()) {
      Files.createSymbolicLink(place.inside.resolve("link"), place.outside);
      Map<String, String> before = place.outside();
      Archived file =
          new Archived(
              place.inside.toString(),
              name,
              1,
              "0",
              "x.gz",
              1,
              "0",
              "rw-------",
              "root",
              "root",
              Instant.EPOCH);
      try (Root root = Root.open(place.inside);
          Root archive = Root.open(place.archives)) {
        Folder folder = archive.folder();
        new Restoring(folder, false).restore(root, file);
      }
      assertEquals(before, place.outside());
    }
  }

  /** A root with another tree beside it. */
  private static final class Place implements AutoCloseable {
    final Path top;
    final Path inside;
    final Path outside;
    final Path archives;
    final Path good;

    Place() throws IOException {
      top = Files.createTempDirectory("selfheal-escape").toRealPath();
      inside = Files.createDirectory(top.resolve("inside"));
      outside = Files.createDirectory(top.resolve("outside"));
      archives = Files.createDirectory(top.resolve("archives"));
      good = Files.createDirectories(top.resolve("good"));
      Files.createDirectory(outside.resolve("d"));
      Files.writeString(outside.resolve("x"), "keep x");
      Files.writeString(outside.resolve("d/y"), "keep y");
      for (String name : List.of("a", "b", "c")) {
        Files.createDirectories(good.resolve("d" + name));
        Files.writeString(good.resolve("d" + name).resolve("a"), "good");
      }
      Files.writeString(good.resolve("a"), "good");
      Files.writeString(good.resolve("b"), "good");
    }

    /** What cannot be made, since its name is taken or its directory is a file, is left out. */
    void make(Made one) throws IOException {
      Path path = inside.resolve(one.name());
      Path target = Path.of(one.target().replace("OUTSIDE", outside.toString()));
      try {
        if (!path.getParent().toRealPath().startsWith(inside)) {
          return;
        }
        switch (one.kind()) {
          case 0 -> Files.writeString(path, "in");
          case 1 -> Files.createDirectory(path);
          case 2 -> Files.createSymbolicLink(path, target);
          default -> Files.createLink(path, outside.resolve("x"));
        }
      } catch (FileAlreadyExistsException taken) {
        return;
      } catch (FileSystemException notADirectory) {
        return;
      }
    }

    /** Names, contents, modes and times of everything outside. */
    Map<String, String> outside() throws IOException {
      Map<String, String> all = new TreeMap<>();
      try (Stream<Path> paths = Files.walk(outside)) {
        for (Path path : paths.toList()) {
          PosixFileAttributes is = Files.readAttributes(path, PosixFileAttributes.class);
          String content = is.isRegularFile() ? Files.readString(path) : "";
          all.put(
              path.toString(),
              content + is.permissions() + is.lastModifiedTime() + is.owner() + is.fileKey());
        }
      }
      return all;
    }

    @Override
    public void close() throws IOException {
      try (Stream<Path> all = Files.walk(top)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
