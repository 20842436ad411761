package io.selfheal;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Problem;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Symptom;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds symptoms and remedies in the jars of the plugins folder, each with a class loader of its
 * own: a plugin brings what it needs in its one jar. Read once at start; a new jar needs a restart.
 */
final class Plugins {
  private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final String SERVICES = "META-INF/services/";

  private final Map<String, Symptom> symptoms;
  private final Map<String, Remedy> remedies;
  private final Map<String, String> owners = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private Plugins(Kinds own) {
    symptoms = new HashMap<>(own.symptoms());
    remedies = new HashMap<>(own.remedies());
  }

  /**
   * What rules can name: what comes with the agent, and what the jars of the folder bring.
   *
   * @param folder may be missing
   * @throws BadConfiguration when a jar cannot be used, with all of those
   */
  static Kinds with(Kinds own, Path folder) throws BadConfiguration {
    Plugins plugins = new Plugins(own);
    plugins.load(folder);
    if (!plugins.problems.isEmpty()) {
      throw new BadConfiguration(plugins.problems);
    }
    return new Kinds(plugins.symptoms, plugins.remedies);
  }

  private void load(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      if (!jars.isEmpty() && guarded(folder)) {
        jars.stream().filter(this::guarded).forEach(this::jar);
      }
    } catch (IOException failure) {
      problem(folder, "cannot be read: " + failure, "check its owner and mode");
    }
  }

  /** A plugin has all rights of the agent: nobody else may put one there. */
  private boolean guarded(Path file) {
    try {
      if (!Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)) {
        return true;
      }
      problem(file, "everybody may write to it, and it runs with the agent's rights", "chmod o-w");
    } catch (IOException failure) {
      problem(file, "cannot be looked at: " + failure, "check its owner and mode");
    }
    return false;
  }

  private void jar(Path jar) {
    try (JarFile opened = new JarFile(jar.toFile())) {
      boolean any =
          Stream.of(Symptom.class, Remedy.class)
              .anyMatch(spi -> opened.getEntry(SERVICES + spi.getName()) != null);
      if (!any) {
        problem(
            jar,
            "names neither a symptom nor a remedy",
            "name the class in " + SERVICES + Symptom.class.getName() + " or ….Remedy in the jar");
        return;
      }
    } catch (IOException failure) {
      problem(jar, "cannot be read as a jar: " + failure.getMessage(), "copy it again");
      return;
    }
    ClassLoader loader = loader(jar);
    adopt(jar, loader, Symptom.class, Symptom::name, symptoms);
    adopt(jar, loader, Remedy.class, Remedy::name, remedies);
  }

  @SuppressWarnings("resource") // its classes are loaded as long as the agent lives
  private static ClassLoader loader(Path jar) {
    try {
      URL[] only = {jar.toUri().toURL()};
      return new URLClassLoader(jar.getFileName().toString(), only, Plugins.class.getClassLoader());
    } catch (MalformedURLException bug) {
      throw new IllegalStateException("every path has a URL", bug);
    }
  }

  private <T> void adopt(
      Path jar, ClassLoader loader, Class<T> spi, Function<T, String> name, Map<String, T> known) {
    try {
      ServiceLoader.load(spi, loader).stream()
          .filter(provider -> provider.type().getClassLoader() == loader)
          .map(ServiceLoader.Provider::get)
          .forEach(one -> adopt(jar, spi, one, name.apply(one), known));
    } catch (ServiceConfigurationError | LinkageError | RuntimeException failure) {
      problem(
          jar,
          "cannot be loaded: " + said(failure),
          "it must be built for this version and Java %d or older, with all that it needs in the jar"
              .formatted(Runtime.version().feature()));
    }
  }

  private static String said(Throwable failure) {
    Throwable cause = failure.getCause();
    String message = String.valueOf(failure.getMessage());
    return cause == null ? message : message + ", because of " + cause;
  }

  private <T> void adopt(Path jar, Class<T> spi, T one, String name, Map<String, T> known) {
    String kind = spi.getSimpleName().toLowerCase(Locale.ROOT);
    String type = one.getClass().getName();
    if (name == null || !NAME.matcher(name).matches()) {
      problem(
          jar,
          "%s calls its %s \"%s\", which is no name".formatted(type, kind, name),
          "lower case letters, digits and _, at most 63");
      return;
    }
    String owner = owners.getOrDefault(kind + name, "the agent itself");
    if (known.putIfAbsent(name, one) != null) {
      problem(
          jar,
          "the %s \"%s\" of %s has a name that %s has taken".formatted(kind, name, type, owner),
          "give it another name, or take one of the jars away");
      return;
    }
    owners.put(kind + name, jar.getFileName().toString());
    LOG.info("Plugin {}: {} {}", jar.getFileName(), kind, name);
  }

  private void problem(Path where, String cause, String hint) {
    problems.add(new Problem(where.toString(), "", cause, hint));
  }
}
