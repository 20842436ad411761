package io.selfheal.container;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;

/** Runs cases in the container, and leaves a file for each: empty when it held. */
final class Inside {
  private Inside() {}

  /** Takes the name of the cases' class and the directory of the files. */
  public static void main(String[] arguments) throws Exception {
    Class<?> type = Class.forName(arguments[0]);
    Path results = Path.of(arguments[1]);
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    try (Cases cases = (Cases) constructor.newInstance()) {
      for (Map.Entry<String, Executable> one : cases.all().entrySet()) {
        long start = System.nanoTime();
        run(results.resolve(one.getKey()), one.getValue());
        System.out.printf("%s: %d ms%n", one.getKey(), (System.nanoTime() - start) / 1_000_000);
      }
    }
    System.exit(0);
  }

  private static void run(Path result, Executable one) throws IOException {
    StringWriter problem = new StringWriter();
    try {
      one.execute();
    } catch (Throwable failure) {
      failure.printStackTrace(new PrintWriter(problem));
    }
    Files.writeString(result, problem.toString());
  }
}
