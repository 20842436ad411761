package io.selfheal.worker;

import java.nio.file.Path;
import java.util.List;

/** An agent in a JVM of its own, to be killed: says {@code up} when its worker runs. */
final class LeftBehind {
  private LeftBehind() {}

  public static void main(String[] arguments) {
    new Agent(Path.of(arguments[0]), Agent.run("images", 1, true, List.of("sleep", "600"))).start();
    System.out.println("up");
  }
}
