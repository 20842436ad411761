package io.selfheal.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * What a permit and its report cost a worker in Python, with the client and the agent beside it.
 */
final class PythonPermits {
  private PythonPermits() {}

  static void run(PrintStream out, Path socket, String service)
      throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("selfheal.home", "")).toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(
                "python3",
                home.resolve("src/test/python/measure.py").toString(),
                socket.toString(),
                service)
            .inheritIO();
    builder.environment().put("PYTHONPATH", home.resolve("src/main/python").toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    out.flush();
    Process running;
    try {
      running = builder.start();
    } catch (IOException missing) {
      out.println("the Python client is not measured: " + missing.getMessage());
      return;
    }
    int exit = running.waitFor();
    if (exit != 0) {
      throw new IOException("the Python client could not be measured: exit " + exit);
    }
  }
}
