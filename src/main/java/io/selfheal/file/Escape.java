package io.selfheal.file;

import java.io.IOException;
import java.nio.file.Path;

/** A way that would lead out of a declared directory, or might: it is not gone. */
public final class Escape extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says where, and why not. */
  public Escape(Path where, String why) {
    super(where + " " + why);
  }
}
