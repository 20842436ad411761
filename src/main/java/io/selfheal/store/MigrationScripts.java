package io.selfheal.store;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The migrations on the classpath, by their names; without loading the migration library. */
final class MigrationScripts {
  /** Where they are; each is {@code V<number>__<words>.sql}. */
  static final String LOCATION = "io/selfheal/store/migrations";

  private static final Pattern NAME = Pattern.compile("V(\\d{1,9})__\\w+\\.sql");

  private MigrationScripts() {}

  /** The highest version. */
  static int newest() throws IOException {
    return newest(names());
  }

  /** The highest version among file names; 0 for none. Pure. */
  static int newest(List<String> names) {
    return names.stream()
        .map(NAME::matcher)
        .filter(Matcher::matches)
        .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
        .max()
        .orElse(0);
  }

  private static List<String> names() throws IOException {
    URL folder = MigrationScripts.class.getResource("/" + LOCATION);
    if (folder == null) {
      throw new IOException(LOCATION + " is not on the classpath");
    }
    if (folder.openConnection() instanceof JarURLConnection connection) {
      return connection.getJarFile().stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(LOCATION + "/"))
          .map(name -> name.substring(LOCATION.length() + 1))
          .toList();
    }
    try (Stream<Path> files = Files.list(Path.of(uri(folder)))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static URI uri(URL url) throws IOException {
    try {
      return url.toURI();
    } catch (URISyntaxException odd) {
      throw new IOException("an odd classpath: " + url, odd);
    }
  }
}
