package io.selfheal.demo;

import java.io.IOException;

/** One way to break things, and how one sees that they are well again. */
interface Fault {
  /** Its name in the table at the end. */
  String name();

  /** Breaks, narrates, waits, judges. */
  FaultReport run(DemoHouse house) throws IOException, InterruptedException;
}
