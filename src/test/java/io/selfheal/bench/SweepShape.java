package io.selfheal.bench;

import java.util.List;

/**
 * A table in the shape of a library's, of our own writing from its published columns and indexes.
 *
 * @param schema makes it, empty
 * @param fill adds $1 rows in all, of which the newest $2 run; written with {@code %d}
 * @param source how the agent is told of it
 * @param single one statement that rescues all that is stuck, with what the library changes
 * @param find the library's own look for stuck jobs, a batch of 1,000
 * @param rescue the library's own rescue of one such batch; changes nothing when none is left
 * @param again makes the rescued jobs stuck again
 * @param touch one transaction of the load, on the row of the id {@code ?}, which never runs
 */
record SweepShape(
    String name,
    List<String> schema,
    String fill,
    String source,
    String single,
    String find,
    String rescue,
    String again,
    String touch) {
  /** All. */
  static List<SweepShape> all() {
    return List.of(RiverShape.SHAPE, BossShape.SHAPE);
  }

  static SweepShape named(String name) {
    return all().stream().filter(shape -> shape.name().equals(name)).findFirst().orElseThrow();
  }
}
