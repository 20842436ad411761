package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.file.Broad;
import io.selfheal.file.Globs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the directories and patterns that a rule declares. */
final class Declared {
  private Declared() {}

  /** One or more directories. */
  static List<Path> roots(Section with, Broad broad) {
    List<Path> roots = new ArrayList<>();
    for (String text : with.texts("roots", List.of())) {
      Path root = directory(with, "roots", text, broad);
      if (roots.stream().anyMatch(one -> one.startsWith(root) || root.startsWith(one))) {
        with.reject("roots", root + " is in another of them, or the same", "name it once");
      }
      roots.add(root);
    }
    if (roots.isEmpty()) {
      with.reject("roots", "is missing", "directories such as [/var/lib/models/cache]");
    }
    return roots;
  }

  /** One directory. */
  static Path root(Section with, String key, String hint, Broad broad) {
    String text = with.required(key, hint);
    return text.isEmpty() ? Path.of("/") : directory(with, key, text, broad);
  }

  private static Path directory(Section with, String key, String text, Broad broad) {
    Path path = Path.of(text);
    broad
        .why(path)
        .ifPresent(
            why ->
                with.reject(
                    key, path + " " + why, "name the very directory whose files may be touched"));
    try {
      if (Files.exists(path) && !path.toRealPath().equals(path)) {
        with.reject(
            key,
            path + " has a symbolic link in it, and links are not followed",
            "write " + path.toRealPath());
      }
    } catch (IOException unreadable) {
      // Whether it can be used is found out by whoever opens it.
      return path;
    }
    return path;
  }

  /** One or more patterns below the roots. */
  static Globs globs(Section with) {
    List<String> texts = with.texts("globs", List.of());
    List<String> good = new ArrayList<>();
    for (String text : texts) {
      Globs.problem(text)
          .ifPresentOrElse(
              why ->
                  with.reject(
                      "globs",
                      "\"" + text + "\" " + why,
                      "such as *.bin, or **/*.tmp at any depth"),
              () -> good.add(text));
    }
    if (texts.isEmpty()) {
      with.reject("globs", "is missing", "names below the roots, such as [\"**/*.tmp\"]");
    }
    return Globs.of(good);
  }
}
