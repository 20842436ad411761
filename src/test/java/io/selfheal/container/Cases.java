package io.selfheal.container;

import java.util.Map;
import org.junit.jupiter.api.function.Executable;

/** What runs in the container. It has a constructor without parameters. */
public interface Cases extends AutoCloseable {
  /** The cases by their names, which are also names of files; they run in this order. */
  Map<String, Executable> all();

  @Override
  default void close() {}
}
