package io.selfheal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles classes and packs them as a plugin. */
public final class PluginJar {
  private final Map<String, String> services = new LinkedHashMap<>();
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final List<String> leftOut = new ArrayList<>();

  /** A class of the package {@code plugin}. */
  public PluginJar with(String name, String source) {
    sources.put(name, source);
    return this;
  }

  /** Names a class as what it provides. */
  public PluginJar providing(Class<?> spi, String name) {
    services.merge(
        "META-INF/services/" + spi.getName(), "plugin." + name + "\n", (one, two) -> one + two);
    return this;
  }

  /** A class that is compiled and does not come along. */
  public PluginJar leavingOut(String name) {
    leftOut.add(name + ".class");
    return this;
  }

  /** Writes the jar; its folder is made. */
  public Path to(Path jar) throws IOException {
    Files.createDirectories(jar.getParent());
    Path work = Files.createTempDirectory(jar.getParent().getParent(), "plugin");
    compile(work);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> classes = Files.walk(work.resolve("classes"))) {
      for (Path each : classes.filter(Files::isRegularFile).toList()) {
        if (!leftOut.contains(each.getFileName().toString())) {
          put(out, work.resolve("classes").relativize(each).toString(), Files.readAllBytes(each));
        }
      }
      for (Map.Entry<String, String> service : services.entrySet()) {
        put(out, service.getKey(), service.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private void compile(Path work) throws IOException {
    Path classes = Files.createDirectories(work.resolve("classes"));
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      String text = "package plugin;\n" + source.getValue();
      files.add(Files.writeString(work.resolve(source.getKey() + ".java"), text));
    }
    if (files.isEmpty()) {
      return;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-d", classes.toString(), "-proc:none", "-cp", classPath());
      boolean done =
          compiler
              .getTask(
                  said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
              .call();
      if (!done) {
        throw new AssertionError("the plugin does not compile: " + said);
      }
    }
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content);
    out.closeEntry();
  }

  /**
   * A symptom that is there whenever the machine has memory, told by the samples of the host.
   *
   * @param type the simple name of the class
   * @param name in rules
   */
  public static String symptom(String type, String name) {
    return """
    import io.selfheal.config.Section;
    import io.selfheal.message.Event;
    import io.selfheal.message.HostEvent;
    import io.selfheal.message.Presence;
    import io.selfheal.rule.Detector;
    import io.selfheal.rule.Reading;
    import io.selfheal.rule.Surroundings;
    import io.selfheal.rule.Symptom;
    import java.util.List;

    public class %s implements Symptom {
      @Override public String name() { return "%s"; }
      @Override public String description() { return "has memory"; }
      @Override public Make read(Section where, Section enter, Section leave) {
        long least = enter.bytes("more_than", 1, 1, Long.MAX_VALUE);
        return () -> new Detector() {
          @Override public List<Reading> take(Event event, Surroundings around) {
            if (!(event instanceof HostEvent.Sampled sampled) || sampled.host().memory() == null) {
              return List.of();
            }
            long bytes = sampled.host().memory().totalBytes();
            Presence presence = bytes > least ? Presence.PRESENT : Presence.ABSENT;
            return List.of(new Reading("host", presence, bytes + " bytes of memory"));
          }
        };
      }
    }
    """
        .formatted(type, name);
  }

  /** A remedy that does nothing. */
  public static String remedy(String type, String name) {
    return """
    import io.selfheal.config.Section;
    import io.selfheal.message.Outcome;
    import io.selfheal.message.RemedyRequests.Performed;
    import io.selfheal.rule.Act;
    import io.selfheal.rule.Remedy;
    import io.selfheal.rule.Task;
    import java.util.List;

    public class %s implements Remedy {
      @Override public String name() { return "%s"; }
      @Override public String description() { return "does nothing"; }
      @Override public Act read(Section with) {
        String words = with.text("words", "nothing");
        return new Act() {
          @Override public Performed rehearse(Task task) { return done(); }
          @Override public Performed perform(Task task) { return done(); }
          private Performed done() {
            return new Performed(Outcome.DONE, words, List.of(), null);
          }
        };
      }
    }
    """
        .formatted(type, name);
  }
}
