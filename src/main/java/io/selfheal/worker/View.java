package io.selfheal.worker;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What another agent sees of the worker processes of its machine, as it was last read.
 *
 * @param id of that run of that agent: two agents may have the same name
 * @param version another one whenever its processes are others
 * @param seenAt when the agent began to look, by the database's clock
 */
record View(
    UUID id, long version, String agent, Place place, Instant seenAt, List<Mention> processes) {
  View {
    processes = List.copyOf(processes);
  }
}
