package io.selfheal.demo;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the page in the person's browser, where there is a desktop to open it on. */
final class Desktop {
  private static final Logger LOG = LoggerFactory.getLogger(Desktop.class);

  private Desktop() {}

  static void open(String address) {
    if (System.getenv("DISPLAY") == null && System.getenv("WAYLAND_DISPLAY") == null) {
      return;
    }
    try {
      new ProcessBuilder("xdg-open", address)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException noOpener) {
      LOG.debug("There is no xdg-open; the address stands on the terminal", noOpener);
    }
  }
}
