package io.selfheal.remedy;

import io.selfheal.file.Found;
import io.selfheal.file.Globs;
import io.selfheal.file.Root;
import io.selfheal.file.Walk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** The declared directories of an act, open. */
final class Roots implements AutoCloseable {
  private final Map<Path, Root> open = new LinkedHashMap<>();

  private Roots() {}

  static Roots open(List<Path> paths) throws IOException {
    Roots roots = new Roots();
    boolean opened = false;
    try {
      for (Path path : paths) {
        roots.open.put(path, Root.open(path));
      }
      opened = true;
      return roots;
    } finally {
      if (!opened) {
        roots.close();
      }
    }
  }

  /** Finds files below all of them; answers what was left alone. */
  List<String> walk(Globs globs, Consumer<Found> taker) throws IOException, InterruptedException {
    List<String> left = new ArrayList<>();
    for (Root root : open.values()) {
      left.addAll(Walk.of(root, globs, taker));
    }
    return left;
  }

  /** The one that a file was found below. */
  Root of(Found file) {
    return of(file.root());
  }

  Root of(Path path) {
    Root root = open.get(path);
    if (root == null) {
      throw new NoSuchElementException(path + " is not declared");
    }
    return root;
  }

  boolean has(Path path) {
    return open.containsKey(path);
  }

  /** Whether they are all on one file system. */
  boolean together() {
    return open.values().stream().mapToLong(Root::device).distinct().count() <= 1;
  }

  @Override
  public void close() throws IOException {
    for (Root root : open.values()) {
      root.close();
    }
  }
}
