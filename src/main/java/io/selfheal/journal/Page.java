package io.selfheal.journal;

import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.Recorded;
import java.util.ArrayList;
import java.util.List;

/** Cuts one page from what was found. Every missing offset is noticed. */
final class Page {
  private Page() {}

  /**
   * A page of a replay.
   *
   * @param after the place behind which the reader wants to go on
   * @param found events behind it, oldest first, of all types
   * @param exhausted whether nothing is held behind the last that was found
   * @param newest the newest offset that was given
   */
  static Events replay(
      long epoch,
      long after,
      List<Recorded> found,
      boolean exhausted,
      long newest,
      Filter filter,
      int limit) {
    List<Recorded> wanted = new ArrayList<>();
    long last = after;
    boolean complete = after <= newest;
    for (Recorded event : found) {
      complete &= event.offset() == last + 1;
      last = event.offset();
      if (filter.matches(event)) {
        wanted.add(event);
      }
      if (wanted.size() == limit) {
        return new Events(epoch, wanted, last, complete, last < newest);
      }
    }
    if (exhausted) {
      complete &= last >= newest;
      last = newest;
    }
    return new Events(epoch, wanted, last, complete, last < newest);
  }

  /**
   * Two runs of events as one: the second goes on behind the first, or overlaps it.
   *
   * @param first oldest first
   * @param second oldest first
   */
  static List<Recorded> join(List<Recorded> first, List<Recorded> second) {
    long last = first.isEmpty() ? 0 : first.getLast().offset();
    List<Recorded> joined = new ArrayList<>(first);
    second.stream().filter(event -> event.offset() > last).forEach(joined::add);
    return joined;
  }
}
