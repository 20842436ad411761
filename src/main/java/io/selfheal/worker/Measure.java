package io.selfheal.worker;

import java.io.IOException;
import java.util.List;

/** One thing that is done to hold a process down. It may be done twice. Blocks. */
interface Measure {
  /** What it does, for an operator; begins in lower case. */
  String words();

  /** Lines that say what is there before; {@link Restoring} reads them. */
  List<String> before() throws IOException, InterruptedException;

  /** Does it. */
  void act() throws IOException, InterruptedException;
}
