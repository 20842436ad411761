package io.selfheal.bench;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.openjdk.jmh.generators.core.BenchmarkGenerator;
import org.openjdk.jmh.generators.core.FileSystemDestination;
import org.openjdk.jmh.generators.reflection.RFGeneratorSource;

/**
 * What a permit and its report cost in the core, with JMH. The loops around the benchmarks are made
 * and compiled here, and run in a process of their own.
 */
final class PermitBench {
  private static final String BENCHMARKS = "io.selfheal.service.PermitBenchmarks";

  private final PrintStream out;

  PermitBench(PrintStream out) {
    this.out = out;
  }

  int run() throws Exception {
    out.println("A permit and its report in the core, in nanoseconds; less is better.");
    Path directory = Files.createTempDirectory("selfheal-jmh");
    try {
      generate(directory);
      String path = directory + File.pathSeparator + System.getProperty("java.class.path");
      return new ProcessBuilder(
              ProcessHandle.current().info().command().orElse("java"),
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-cp",
              path,
              "org.openjdk.jmh.Main",
              "-foe",
              "true",
              BENCHMARKS)
          .inheritIO()
          .start()
          .waitFor();
    } finally {
      delete(directory);
    }
  }

  private static void generate(Path directory) throws Exception {
    RFGeneratorSource source = new RFGeneratorSource();
    source.processClasses(Class.forName(BENCHMARKS));
    File folder = directory.toFile();
    FileSystemDestination destination = new FileSystemDestination(folder, folder);
    BenchmarkGenerator generator = new BenchmarkGenerator();
    generator.generate(source, destination);
    generator.complete(source, destination);
    if (destination.hasErrors()) {
      throw new IllegalStateException(
          "JMH cannot use " + BENCHMARKS + ": " + destination.getErrors());
    }
    compile(directory);
  }

  private static void compile(Path directory) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-nowarn",
              "-d",
              directory.toString(),
              "-cp",
              System.getProperty("java.class.path"));
      boolean done =
          compiler
              .getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!done) {
        throw new IllegalStateException("what JMH made cannot be compiled; see above");
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(directory)) {
      all = found.toList().reversed();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
