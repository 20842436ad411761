package io.selfheal.worker;

import java.time.Duration;

/** What a look for one pid found. */
sealed interface Sighting {
  /** A process, possibly a zombie. */
  record Present(ProcStat stat, Duration age) implements Sighting {}

  /** The kernel says that there is no such process. */
  record Absent() implements Sighting {}

  /** Nothing can be said. */
  record Hidden(String why) implements Sighting {}
}
