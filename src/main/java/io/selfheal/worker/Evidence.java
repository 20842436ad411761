package io.selfheal.worker;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that a judgement rests on, gathered at one moment.
 *
 * @param host this machine's name
 * @param rootNamespace whether the agent's pids are those of the whole machine
 * @param workers every worker that is configured or announced here
 * @param seen those of which a process was watched in the agent's pid namespace
 * @param walled those whose processes call themselves by other pids than the agent does
 * @param instances every slot that has or had a process, by name
 * @param sightings what was found for each pid that the holders and the slots name
 * @param ended processes that were seen to end, newest by pid
 * @param mark now, on the forward clock, in nanoseconds
 * @param crews the workers of which a holder says that only they take its jobs, by name
 * @param walls what is known of processes in other pid namespaces
 */
record Evidence(
    String host,
    boolean rootNamespace,
    Set<String> workers,
    Set<String> seen,
    Set<String> walled,
    Map<String, Filled> instances,
    Map<Long, Sighting> sightings,
    Map<Long, Fallen> ended,
    long mark,
    Map<String, Crew> crews,
    Walls walls) {

  /** The same, and what a look behind the walls found. */
  Evidence with(Walls found) {
    return new Evidence(
        host,
        rootNamespace,
        workers,
        seen,
        walled,
        instances,
        sightings,
        ended,
        mark,
        crews,
        found);
  }

  Sighting sighting(long pid) {
    return sightings.getOrDefault(pid, new Sighting.Hidden("pid " + pid + " was not looked for"));
  }

  Optional<Fallen> ended(long pid, long startTicks) {
    return Optional.ofNullable(ended.get(pid))
        .filter(fallen -> fallen.process().startTicks() == startTicks);
  }
}
