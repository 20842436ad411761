package io.selfheal.job;

import java.util.List;
import java.util.Optional;

/**
 * Jobs that followed one another in one look, with no other running job between them. The database
 * finds them again by their ends, without their ids and claims being sent back to it: a row between
 * the ends that runs and was written before the look's horizon is one that the look has read, and
 * no one has changed it since, whatever change that would be. Pure.
 *
 * @param first the id of the first
 * @param last the id of the last
 * @param horizon see {@link Spot.Look}
 * @param jobs how many
 */
record Stretch(String first, String last, String horizon, int jobs) {
  /** Empty when there was another job between them, or the look did not say what it saw. */
  static Optional<Stretch> of(List<Candidate> jobs) {
    Candidate first = jobs.getFirst();
    Spot begin = first.spot();
    if (begin == null) {
      return Optional.empty();
    }
    for (int i = 0; i < jobs.size(); i++) {
      Spot spot = jobs.get(i).spot();
      if (spot == null || spot.look() != begin.look() || spot.number() != begin.number() + i) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Stretch(first.id(), jobs.getLast().id(), begin.look().horizon(), jobs.size()));
  }
}
